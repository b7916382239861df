package dev.aevum.storage.log;

import dev.aevum.model.step.Position;
import java.util.List;
import java.util.Map;

/// All that one step made durable.
///
/// @param state changed entries of operator state, in sections
///   ([dev.aevum.storage.state.DirtyEncoder])
/// @param contents per relation the consolidated changes of its contents ([FrameContents])
@SuppressWarnings(
    "ArrayRecordComponent") // Never compared; the bytes are the owner's to leave alone.
public record StepFrame(long step, Manifest manifest, List<byte[]> state, byte[] contents) {
  public StepFrame {
    state = List.copyOf(state);
  }

  /// Bytes of state and contents.
  public long sizeBytes() {
    return stateBytes() + contents.length;
  }

  long stateBytes() {
    return state.stream().mapToLong(s -> s.length).sum();
  }

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
}
