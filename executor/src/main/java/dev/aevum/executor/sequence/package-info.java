/// Keyed folds in event-time order: the frame that anomaly detectors, change points and forecasts
/// run in. A [SequenceModel] is one algorithm over the rows of one key.
@NullMarked
package dev.aevum.executor.sequence;

import org.jspecify.annotations.NullMarked;
