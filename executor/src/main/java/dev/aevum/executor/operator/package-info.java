/// Incremental operators: each takes changes of its inputs and emits changes of its output.
///
/// An [Operator] is an algorithm without scheduling; what must survive a restart is kept in tables
/// of [dev.aevum.storage.state.StateBackend], opened through its [OperatorContext]. Abilities are
/// interfaces of their own: [Flushing] (emits net changes once a step), [TimeDriven] (reacts to
/// watermarks). The driver is in [dev.aevum.executor.step].
@NullMarked
package dev.aevum.executor.operator;

import org.jspecify.annotations.NullMarked;
