/// The step log: synced frames ([StepFrame]), one a step, in segments that go when RocksDB and all
/// sinks are past them; the log of catalogue changes ([CatalogLog]). Both are [RecordFile]s.
/// Formats are versioned and stand in the comments of [RecordFile], [FrameWriter] and
/// [FrameContents].
@NullMarked
package dev.aevum.storage.log;

import org.jspecify.annotations.NullMarked;
