package dev.aevum.executor.sketch;

import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What `merge` folds into: nothing yet, the sketch of all so far, or why there is none.
public final class MergedSketch implements Sketch {
  private @Nullable Sketch inner;
  private @Nullable SqlException failure;

  /// The same as a [MergedSketch], which bytes in state do not tell.
  public static MergedSketch of(Sketch sketch) {
    if (sketch instanceof MergedSketch merged) {
      return merged;
    }
    MergedSketch merged = new MergedSketch();
    merged.inner = sketch;
    return merged;
  }

  /// Null: there was no sketch. Errors: 22P03 and 22023 when one of them was wrong.
  public @Nullable Sketch result() {
    if (failure != null) {
      throw failure;
    }
    return inner;
  }

  /// Adds a sketch given as bytes; wrong ones fail [#result].
  public void add(MemorySegment segment, long offset, int length) {
    try {
      merge(Sketches.decode(segment, offset, length));
    } catch (SqlException e) {
      failure = e;
    }
  }

  @Override
  public int kind() {
    return failure != null ? Sketches.FAILURE : inner == null ? Sketches.NOTHING : inner.kind();
  }

  /// Takes over `other` when it is the first.
  @Override
  public void merge(Sketch other) {
    MergedSketch added = of(other);
    if (added.failure != null) {
      failure = added.failure;
    } else if (inner == null) {
      inner = added.inner;
    } else if (added.inner != null) {
      inner.merge(added.inner);
    }
  }

  @Override
  public void encode(ByteSink out) {
    if (failure != null) {
      out.appendByte(failure.code() == ErrorCode.INVALID_PARAMETER_VALUE ? 1 : 0);
      out.appendText(failure.text());
    } else if (inner != null) {
      inner.encode(out);
    }
  }

  static MergedSketch decodeFailure(SketchInput in) {
    MergedSketch sketch = new MergedSketch();
    ErrorCode code =
        in.unsignedByte() == 1
            ? ErrorCode.INVALID_PARAMETER_VALUE
            : ErrorCode.INVALID_BINARY_REPRESENTATION;
    sketch.failure =
        new SqlException(code, new String(in.bytes(in.left()), StandardCharsets.UTF_8));
    return sketch;
  }
}
