/// Aggregates over groups. The operator owns groups, DISTINCT, FILTER and order; an
/// [AggregateFunction] owns what is kept per group and what comes out. Three kinds, by what they
/// need of the operator:
///
/// - [AccumulatorAggregate]: fixed-width bytes per group in the operator's state, all zero for an
///   empty group; vectorised add and emit. `isLinear()`: a negative weight takes back exactly what
///   the positive one added, so that it works under retraction and leaves all-zero bytes when
///   everything has been taken back. Not linear (append-only extremes): for append-only input only.
/// - [ExtremeAggregate]: min and max. Under retraction, and for types of variable length, they need
///   the ordered multiset of values per group (`needsOrderedState(appendOnly)`): the operator keeps
///   (group, value) -> weight in the order of the type and takes the first or last value. On
///   append-only input of fixed width `accumulator()` does.
/// - [CollectingAggregate]: `string_agg`, `array_agg` and other aggregates that need all rows of a
///   group at once: ad-hoc only.
///
/// NULL arguments do not count, save for `count(*)` and `array_agg`. A result that its type cannot
/// hold is an error of the group when it is emitted, never while adding.
@NullMarked
package dev.aevum.executor.aggregate;

import org.jspecify.annotations.NullMarked;
