package dev.aevum.storage.log;

import dev.aevum.model.step.ObjectId;
import dev.aevum.model.step.Position;
import java.util.List;
import java.util.Map;

/// All that one step made durable. `state`: changed entries of operator state in order; `views`:
/// per relation the consolidated changes of its contents (encoded [ContentChange]s). Both sections
/// are blobs in the formats of `FrameWriter`.
public record StepFrame(long step, Manifest manifest, byte[] state, byte[] contents) {
  /// Small facts of the step.
  ///
  /// @param sources per source object id where it stands after this step
  /// @param watermarks per stream object id
  /// @param sequences named counters (arrival ordinals of kept streams, object ids)
  /// @param clockMicros the step's time: what now() gave
  /// @param catalogVersion the catalogue version that the step ran under
  public record Manifest(
      Map<Integer, Position> sources,
      Map<Integer, Long> watermarks,
      Map<String, Long> sequences,
      long clockMicros,
      long catalogVersion) {
    public Manifest {
      sources = Map.copyOf(sources);
      watermarks = Map.copyOf(watermarks);
      sequences = Map.copyOf(sequences);
    }
  }

  /// A consolidated change of a relation's contents.
  public record ContentChange(ObjectId object, byte[] key, byte[] row, long weight) {}

  /// Objects whose entries are gone from this step on, before the step's own entries apply.
  public record Drops(List<ObjectId> objects) {}
}
