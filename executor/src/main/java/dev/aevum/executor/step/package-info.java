/// The step loop: runs the circuit of all deployed views, step by step.
///
/// [StepEngine] is the front: one thread at a time calls it. It owns [StepWorker]s, named platform
/// threads that each own a range of shards and run *all* operators of all views for these. A
/// worker's operators form a [Circuit]: [ViewCircuit]s in an order in which every view comes after
/// those it reads, each a tree of [CircuitNode]s in post-order, so that walking nodes in order is
/// walking the circuit topologically. Only exchanges ([InProcessExchange]) cross workers.
///
/// A step on a worker: *push* the input through the scans; then node by node *flush* and *advance*
/// (time), which is one pass, since a node's inputs have done both before it; after each view its
/// output goes to the scans of the views that read it. Then, when all workers are through, *seal*:
/// changed state is drained.
@NullMarked
package dev.aevum.executor.step;

import org.jspecify.annotations.NullMarked;
