package dev.aevum.engine.runtime;

import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.storage.contents.ContentsReader;
import dev.aevum.storage.contents.ContentsVersion;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// All rows of a relation with their weights, all columns, as batches that belong to the taker.
/// Closes itself at the end.
final class ContentsIterator implements Iterator<DeltaBatch> {
  private final ContentsReader reader;
  private @Nullable DeltaBatch next;
  private boolean ended;

  ContentsIterator(ContentsVersion contents, int relation, BufferAllocator allocator) {
    List<Integer> columns =
        IntStream.range(0, contents.layout(relation).types().size()).boxed().toList();
    this.reader = contents.read(relation, columns, new byte[0], allocator);
  }

  @Override
  public boolean hasNext() {
    if (next == null && !ended) {
      next = reader.next();
      if (next == null) {
        ended = true;
        reader.close();
      }
    }
    return next != null;
  }

  @Override
  public DeltaBatch next() {
    DeltaBatch batch = hasNext() ? next : null;
    if (batch == null) {
      throw new NoSuchElementException();
    }
    next = null;
    return batch;
  }
}
