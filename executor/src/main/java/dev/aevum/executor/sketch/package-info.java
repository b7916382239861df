/// Mergeable summaries of many values, as plain algorithms without SQL: exact sums of powers
/// ([Moments], [NumericMoments]), counts ([Histogram], [ValueBuckets], [CountMin]) and samples
/// ([HyperLogLog], [RankSketch], [TopValues]). Each is an object while rows are folded into it, and
/// bytes ([Sketches]) in state, between workers and as values of type `sketch`.
///
/// *Linear* ones take a negative weight back exactly; equal multisets of values give equal bytes
/// whatever came and went before. Those that are not take positive weights only.
@NullMarked
package dev.aevum.executor.sketch;

import org.jspecify.annotations.NullMarked;
