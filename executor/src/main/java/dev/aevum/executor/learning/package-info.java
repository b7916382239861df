/// Online models: a [Learner] is one algorithm that learns row by row, a [ModelState] is such a
/// learner with its classes, counters and prequential metrics, as a model of one partition is kept
/// and published. None of it knows SQL.
@NullMarked
package dev.aevum.executor.learning;

import org.jspecify.annotations.NullMarked;
