package dev.aevum.executor.operator;

import dev.aevum.executor.sketch.Sketch;
import dev.aevum.executor.sketch.Sketches;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.storage.state.OrderedState;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The sketches of the groups touched in a step, as objects: read from state at the first touch,
/// written back at its end. The bytes of a group: for each sketch call `[length i32][bytes]`.
final class GroupSketches {
  private final AggregateLayout layout;
  private final ByteSink sink = new ByteSink();

  /// By call, then by place among the touched groups.
  private final Sketch[][] live;

  GroupSketches(AggregateLayout layout) {
    this.layout = layout;
    this.live = new Sketch[layout.sketches.size()][64];
  }

  boolean isEmpty() {
    return live.length == 0;
  }

  /// Of a call, by place.
  Sketch[] of(int call) {
    return live[call];
  }

  /// A group without rows.
  void create(int place) {
    reserve(place);
    for (int i = 0; i < live.length; i++) {
      live[i][place] = layout.sketches.get(i).aggregate().create();
    }
  }

  private void reserve(int place) {
    for (int i = 0; i < live.length && place >= live[i].length; i++) {
      live[i] = Arrays.copyOf(live[i], Math.max(place + 1, 2 * live[i].length));
    }
  }

  /// The group as state has it.
  void load(int place, AggregateState state, ByteSink head) {
    reserve(place);
    OrderedState table = state.sketches();
    if (!table.get(head.segment(), 0, head.position())) {
      create(place);
      return;
    }
    read(table.valueSegment(), table.valueOffset(), (call, sketch) -> live[call][place] = sketch);
  }

  /// Adds the group in these bytes to the one at `place`.
  void merge(int place, MemorySegment bytes, long offset) {
    read(bytes, offset, (call, sketch) -> live[call][place].merge(sketch));
  }

  private interface Reader {
    void take(int call, Sketch sketch);
  }

  private void read(MemorySegment bytes, long offset, Reader reader) {
    long at = offset;
    for (int i = 0; i < live.length; i++) {
      int length = bytes.get(dev.aevum.model.batch.Memory.INT, at);
      reader.take(i, Sketches.decode(bytes, at + 4, length));
      at += 4 + length;
    }
  }

  void store(int place, AggregateState state, ByteSink head, long hash) {
    sink.reset();
    encode(place, sink);
    state
        .sketches()
        .put(head.segment(), 0, head.position(), hash, sink.segment(), 0, sink.position());
  }

  void encode(int place, ByteSink out) {
    for (Sketch[] sketches : live) {
      int from = out.position();
      out.appendInt(0);
      Sketches.encode(sketches[place], out);
      out.setInt(from, out.position() - from - 4);
    }
  }

  /// Lets go of the objects.
  void clear() {
    Arrays.setAll(live, i -> new Sketch[64]);
  }
}
