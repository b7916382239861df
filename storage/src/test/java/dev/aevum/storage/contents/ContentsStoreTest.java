package dev.aevum.storage.contents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

class ContentsStoreTest {
  private static final List<SqlType> TYPES = List.of(SimpleType.BIGINT, SimpleType.TEXT);

  private final BufferAllocator allocator = new RootAllocator();

  @Test
  void contentsEqualTheSumOfAllSteps() {
    long seed = 42;
    Random random = new Random(seed);
    ContentsLayout layout = new ContentsLayout(7, TYPES, List.of(0));
    Map<String, Long> model = new TreeMap<>();
    try (ContentsStore store = new ContentsStore(0)) {
      store.create(layout, null, 0);
      RunBuilder builder = new RunBuilder();
      for (int step = 1; step <= 300; step++) {
        try (BatchWriter writer = new BatchWriter(allocator, TYPES, true, 16)) {
          int changes = random.nextInt(20);
          for (int i = 0; i < changes; i++) {
            long key = random.nextInt(50);
            String text = "row-" + random.nextInt(3) + "-with-a-long-tail";
            String name = key + "/" + text;
            long have = model.getOrDefault(name, 0L);
            long weight = have > 0 && random.nextBoolean() ? -1 : 1;
            writer.column(0).appendLong(key);
            writer.column(1).appendText(text);
            writer.endRow(weight);
            model.merge(name, weight, Long::sum);
            model.remove(name, 0L);
          }
          try (DeltaBatch batch = writer.finish()) {
            builder.add(layout, batch);
          }
        }
        store.publish(step, Map.of(7, builder.build()));
        assertThat(read(store.current(), new byte[0]))
            .as("seed %d step %d", seed, step)
            .isEqualTo(model);
        assertThat(store.current().rows(7))
            .isEqualTo(model.values().stream().mapToLong(Long::longValue).sum());
      }
      long key = 17;
      Map<String, Long> wanted = new TreeMap<>();
      model.forEach((name, weight) -> {
        if (name.startsWith(key + "/")) {
          wanted.put(name, weight);
        }
      });
      assertThat(read(store.current(), keyBytes(layout, key))).isEqualTo(wanted);
      for (long k = 0; k < 60; k++) {
        assertThat(weights(store.current().find(7, keyBytes(layout, k))))
            .isEqualTo(weights(store.current().entries(7, keyBytes(layout, k))));
      }
      assertThat(store.current().weight(7, keyBytes(layout, key)))
          .isEqualTo(wanted.values().stream().mapToLong(Long::longValue).sum());
    }
    allocator.close();
  }

  @Test
  void aVersionStaysWhatItWas() {
    ContentsLayout layout = new ContentsLayout(7, TYPES, List.of());
    try (ContentsStore store = new ContentsStore(0)) {
      store.create(layout, null, 0);
      store.publish(1, Map.of(7, run(layout, 1, 1)));
      ContentsVersion then = store.current();
      for (int step = 2; step < 200; step++) {
        store.publish(step, Map.of(7, run(layout, step, 1)));
      }
      assertThat(read(then, new byte[0])).hasSize(1);
      assertThat(read(store.current(), new byte[0])).hasSize(199);
    }
    allocator.close();
  }

  /// Runs that together do not fit one array stay apart; reading is the same.
  @Test
  void runsThatDoNotFitOneAreLeftApart() {
    ContentsLayout layout = new ContentsLayout(7, TYPES, List.of(0));
    long one = run(layout, 1, 1).sizeBytes();
    try (ContentsStore store = new ContentsStore(0, 4 * one)) {
      store.create(layout, null, 0);
      for (int step = 1; step <= 1000; step++) {
        store.publish(step, Map.of(7, run(layout, step, 1)));
        if (step % 3 == 0) {
          while (store.mergeOnce(7)) {
            assertThat(store.current().spines().get(7).runs())
                .allMatch(r -> r.sizeBytes() <= 4 * one);
          }
        }
      }
      assertThat(store.current().spines().get(7).runs())
          .hasSizeBetween(250, 1000)
          .allMatch(r -> r.sizeBytes() <= 4 * one);
      assertThat(read(store.current(), new byte[0])).hasSize(1000);
      assertThat(store.current().rows(7)).isEqualTo(1000);
      assertThat(weights(store.current().find(7, keyBytes(layout, 500)))).containsExactly(1L);
    }
    allocator.close();
  }

  @Test
  void aNegativeCountIsLoud() {
    ContentsLayout layout = new ContentsLayout(7, TYPES, List.of());
    try (ContentsStore store = new ContentsStore(0)) {
      store.create(layout, null, 0);
      Run run = run(layout, 1, -1);
      assertThatThrownBy(() -> store.publish(1, Map.of(7, run)))
          .hasMessageContaining("negative count");
    }
    allocator.close();
  }

  @Test
  void runsSurviveTheirBytes() {
    ContentsLayout layout = new ContentsLayout(7, TYPES, List.of(0));
    Run run = run(layout, 5, 3);
    ByteSink out = new ByteSink();
    out.appendLong(99);
    run.writeTo(out);
    int[] after = new int[1];
    Run again = Run.readFrom(out.toBytes(), 8, after);
    assertThat(after[0]).isEqualTo(out.position());
    assertThat(again.entries()).isEqualTo(1);
    assertThat(again.totalWeight()).isEqualTo(3);
    try (DeltaBatch batch = ContentsVersion.decode(layout, again, allocator)) {
      assertThat(batch.column(0).longAt(0)).isEqualTo(5);
      assertThat(batch.weightAt(0)).isEqualTo(3);
    }
    allocator.close();
  }

  @Test
  void frozenRunsLeaveWhenTheBaseHasThem() {
    ContentsLayout layout = new ContentsLayout(7, TYPES, List.of(0));
    try (ContentsStore store = new ContentsStore(0)) {
      store.create(layout, null, 0);
      store.publish(1, Map.of(7, run(layout, 1, 1)));
      store.publish(2, Map.of(7, run(layout, 2, 1)));
      ContentsVersion frozen = store.freeze();
      store.publish(3, Map.of(7, run(layout, 3, 1)));
      Run moved = ContentsStore.merge(run(layout, 1, 1), run(layout, 2, 1));
      store.applied(frozen, (relation, prefix) -> new RunCursor(moved, prefix));
      assertThat(read(store.current(), new byte[0])).hasSize(3);
      assertThat(store.sizeBytes()).isLessThan(2 * moved.sizeBytes());
      assertThat(store.current().rows(7)).isEqualTo(3);
    }
    allocator.close();
  }

  private Run run(ContentsLayout layout, long key, long weight) {
    RunBuilder builder = new RunBuilder();
    try (BatchWriter writer = new BatchWriter(allocator, TYPES, true, 16)) {
      writer.column(0).appendLong(key);
      writer.column(1).appendNull();
      writer.endRow(weight);
      try (DeltaBatch batch = writer.finish()) {
        builder.add(layout, batch);
      }
    }
    return builder.build();
  }

  private byte[] keyBytes(ContentsLayout layout, long key) {
    ByteSink sink = new ByteSink();
    try (BatchWriter writer = new BatchWriter(allocator, List.of(SimpleType.BIGINT), false, 1)) {
      writer.column(0).appendLong(key);
      writer.endRow();
      try (DeltaBatch batch = writer.finish()) {
        layout.keyCodec().encode(new dev.aevum.model.batch.Column[] {batch.column(0)}, 0, sink);
      }
    }
    return sink.toBytes();
  }

  private Map<String, Long> read(ContentsVersion version, byte[] prefix) {
    Map<String, Long> rows = new TreeMap<>();
    List<Long> order = new ArrayList<>();
    try (ContentsReader reader = version.read(7, List.of(1, 0), prefix, allocator)) {
      for (DeltaBatch batch = reader.next(); batch != null; batch = reader.next()) {
        try (DeltaBatch b = batch) {
          for (int i = 0; i < b.rows(); i++) {
            rows.put(
                b.column(1).longAt(i)
                    + "/"
                    + (b.column(0).isNull(i) ? "NULL" : b.column(0).textAt(i)),
                b.weightAt(i));
            order.add(b.column(1).longAt(i));
          }
        }
      }
    }
    if (!version.layout(7).key().isEmpty()) {
      assertThat(order).isSorted();
    }
    return rows;
  }

  private static List<Long> weights(EntryCursor entries) {
    List<Long> weights = new ArrayList<>();
    try (EntryCursor cursor = entries) {
      while (cursor.next()) {
        weights.add(cursor.weight());
      }
    }
    return weights;
  }
}
