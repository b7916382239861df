package dev.aevum.engine.step;

import dev.aevum.engine.catalog.Catalog;
import dev.aevum.engine.system.RunningState.StepState;
import dev.aevum.executor.spi.StepInput.RelationChange;
import dev.aevum.executor.spi.StepOutput;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.step.Position;
import dev.aevum.storage.contents.ContentsLayout;
import dev.aevum.storage.contents.ContentsStore;
import dev.aevum.storage.contents.ContentsVersion;
import dev.aevum.storage.contents.Run;
import dev.aevum.storage.contents.RunBuilder;
import dev.aevum.storage.durable.StepChanges;
import dev.aevum.storage.durable.Storage;
import dev.aevum.storage.log.StepFrame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Takes what a step computed through its last phases: consolidates the contents' changes and hands
/// them to storage, which makes the step durable and then visible while the next one runs. Keeps
/// the facts that frames carry: positions, watermarks, sequences. Step thread only, unless said
/// otherwise.
public final class StepCommitter {
  private static final int KEPT_STEPS = 1000;
  private static final String NEXT_OID = "next_oid";

  /// Reacts to a step's parts before it is written. Called on the step thread.
  public interface Listener {
    /// Watermarks that writes to streams without connector move.
    Map<Integer, Long> writeWatermarks(List<RelationChange> changes, long nowMicros);

    /// Late rows, row errors and failures of views. Gives the changes of relations that follow from
    /// them (late tables); the committer takes the batches.
    List<RelationChange> consequences(long step, StepOutput output);

    /// A sink's or view's changes are not needed by anybody: they are not consolidated.
    boolean isDiscarded(int relation, long rows);

    /// After the step is visible; on another thread, steps in order.
    void published(long step, Map<Integer, Run> runs);
  }

  private final ContentsStore contents;
  private final Storage storage;
  private final Supplier<Catalog> catalog;
  private final Listener listener;
  private final LongSupplier nanoClock;
  private final Consumer<Throwable> fatal;
  private final Map<Integer, ContentsLayout> sinkLayouts = new HashMap<>();
  private final Map<Integer, Position> positions = new TreeMap<>();
  private final Map<Integer, Long> watermarks = new TreeMap<>();
  private final Map<String, Long> sequences = new TreeMap<>();

  /// For the next step, with its buffers. None after a step that failed half-way: the rows that it
  /// left there would go to another relation.
  private @org.jspecify.annotations.Nullable RunBuilder spare = new RunBuilder();

  private final Deque<StepState> recent = new ArrayDeque<>();
  private final Set<Integer> drops = new HashSet<>();
  private final Set<Integer> replaced = new HashSet<>();
  private long computed;
  private volatile long published;

  public StepCommitter(
      Storage storage,
      Supplier<Catalog> catalog,
      Listener listener,
      LongSupplier nanoClock,
      Consumer<Throwable> fatal) {
    this.contents = storage.contents();
    this.storage = storage;
    this.catalog = catalog;
    this.listener = listener;
    this.nanoClock = nanoClock;
    this.fatal = fatal;
  }

  /// Goes on after the last step before a restart.
  public void restore(Storage.Recovered recovered) {
    computed = recovered.step();
    published = recovered.step();
    positions.putAll(recovered.manifest().sources());
    watermarks.putAll(recovered.manifest().watermarks());
    sequences.putAll(recovered.manifest().sequences());
  }

  void fatal(Throwable t) {
    fatal.accept(t);
  }

  /// The contents after the last computed step: waits until it is visible.
  ContentsVersion contents() {
    storage.awaitPublished();
    return contents.current();
  }

  /// Waits until every computed step is visible.
  public void awaitPublished() {
    storage.awaitPublished();
  }

  /// Steps from now on say that `oid` is used: their state and contents have it, also when the
  /// catalogue never gets to know it.
  public void spend(int oid) {
    sequences.merge(NEXT_OID, oid + 1L, Math::max);
  }

  /// The least OID of which no step has state or contents.
  public int unspent() {
    return Math.toIntExact(sequences.getOrDefault(NEXT_OID, 0L));
  }

  Map<String, Long> sequences() {
    return sequences;
  }

  public long watermark(int stream) {
    return watermarks.getOrDefault(stream, dev.aevum.model.step.Watermarks.NONE);
  }

  /// A stream will be read from its start again.
  public void resetStream(int stream) {
    positions.remove(stream);
    watermarks.remove(stream);
  }

  /// Where a source stands after the last step, or null.
  public @org.jspecify.annotations.Nullable Position position(int source) {
    return positions.get(source);
  }

  /// The last published step. Any thread.
  public long published() {
    return published;
  }

  /// The number of the next step.
  public long nextStep() {
    return computed + 1;
  }

  Map<Integer, Long> writeWatermarks(List<RelationChange> changes, long nowMicros) {
    return listener.writeWatermarks(changes, nowMicros);
  }

  /// Remembers how a sink's own query is encoded in frames.
  public void addSink(ContentsLayout layout) {
    sinkLayouts.put(layout.relation(), layout);
  }

  /// Forgets everything about an object; its contents leave storage with the next frame.
  public void forget(int oid) {
    sinkLayouts.remove(oid);
    positions.remove(oid);
    watermarks.remove(oid);
    sequences.remove("ordinal:" + oid);
    sequences.remove("deleted:" + oid);
    sequences.keySet().removeIf(name -> name.startsWith("mark:" + oid + ":"));
    drops.add(oid);
  }

  /// With the next frame the contents of an object leave storage; the object stays.
  public void dropContents(int oid) {
    drops.add(oid);
  }

  /// The next step's changes of the object take the place of its present contents.
  public void replace(int oid) {
    replaced.add(oid);
  }

  /// A durable counter, 0 when it was never set.
  public long sequence(String name) {
    return sequences.getOrDefault(name, 0L);
  }

  /// Sets a durable counter; 0 forgets it. It is durable with the next frame.
  public void setSequence(String name, long value) {
    if (value == 0) {
      sequences.remove(name);
    } else {
      sequences.put(name, value);
    }
  }

  /// Names of durable counters that begin so, a copy.
  public List<String> sequenceNames(String prefix) {
    return sequences.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
  }

  /// Takes [#replace] back.
  public void keep(int oid) {
    replaced.remove(oid);
  }

  /// The last steps, newest first. Any thread.
  public List<StepState> recentSteps() {
    synchronized (recent) {
      return List.copyOf(recent);
    }
  }

  /// Consolidates and hands over; `visible` runs when the step is durable and visible. Takes the
  /// output; borrows the input's batches.
  public void commit(
      long nowMicros,
      List<RelationChange> input,
      StepOutput output,
      Map<Integer, Position> newPositions,
      Map<Integer, Long> newWatermarks,
      Runnable visible) {
    long started = nanoClock.getAsLong();
    List<RelationChange> consequences = listener.consequences(output.step(), output);
    long rowsIn = input.stream().mapToLong(c -> c.batch().rows()).sum();
    Map<Integer, Run> runs = consolidate(input, consequences, output);
    positions.putAll(newPositions);
    newWatermarks.forEach((stream, w) -> watermarks.merge(stream, w, Math::max));
    computed = output.step();
    StepChanges changes =
        new StepChanges(
            output.step(),
            new StepFrame.Manifest(
                positions, watermarks, sequences, nowMicros, catalog.get().version()),
            output.dirty(),
            runs,
            drops);
    drops.clear();
    long consolidated = nanoClock.getAsLong();
    storage.commit(
        changes,
        () -> {
          published = output.step();
          listener.published(output.step(), runs);
          remember(output.step(), nowMicros, rowsIn, runs, started, consolidated);
          visible.run();
        });
  }

  private void remember(
      long step,
      long nowMicros,
      long rowsIn,
      Map<Integer, Run> runs,
      long started,
      long consolidated) {
    long now = nanoClock.getAsLong();
    long rowsOut = runs.values().stream().mapToLong(Run::entries).sum();
    long bytes = runs.values().stream().mapToLong(Run::sizeBytes).sum();
    synchronized (recent) {
      recent.addFirst(
          new StepState(
              step,
              nowMicros,
              rowsIn,
              rowsOut,
              (now - started) / 1000,
              (now - consolidated) / 1000,
              bytes));
      if (recent.size() > KEPT_STEPS) {
        recent.removeLast();
      }
    }
  }

  private Map<Integer, Run> consolidate(
      List<RelationChange> input, List<RelationChange> consequences, StepOutput output) {
    Map<Integer, List<DeltaBatch>> byRelation = new LinkedHashMap<>();
    for (RelationChange change : input) {
      if (contents.current().has(change.relation())) {
        byRelation
            .computeIfAbsent(change.relation(), r -> new ArrayList<>())
            .add(change.batch().retain());
      }
    }
    for (RelationChange change : consequences) {
      byRelation.computeIfAbsent(change.relation(), r -> new ArrayList<>()).add(change.batch());
    }
    for (StepOutput.OutputChange change : output.changes()) {
      if (listener.isDiscarded(change.relation(), change.batch().rows())) {
        change.batch().close();
      } else {
        byRelation.computeIfAbsent(change.relation(), r -> new ArrayList<>()).add(change.batch());
      }
    }
    Map<Integer, Run> runs = new TreeMap<>();
    RunBuilder builder = spare == null ? new RunBuilder() : spare;
    spare = null;
    byRelation.forEach((relation, batches) -> {
      ContentsLayout layout = layout(relation);
      for (DeltaBatch batch : batches) {
        try (batch) {
          if (layout != null) {
            builder.add(layout, batch);
          }
        }
      }
      Run run = builder.build();
      if (run.entries() > 0) {
        runs.put(relation, run);
      }
    });
    spare = builder;
    for (int relation : replaced) {
      Run made = runs.remove(relation);
      Run removal = contents.current().removal(relation);
      Run run = made == null ? removal : made.plus(removal);
      if (run.entries() > 0) {
        runs.put(relation, run);
      }
    }
    replaced.clear();
    return runs;
  }

  private @org.jspecify.annotations.Nullable ContentsLayout layout(int relation) {
    ContentsVersion now = contents.current();
    return now.has(relation) ? now.layout(relation) : sinkLayouts.get(relation);
  }
}
