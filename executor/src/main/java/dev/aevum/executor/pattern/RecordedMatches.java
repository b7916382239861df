package dev.aevum.executor.pattern;

import static dev.aevum.model.batch.Memory.BYTE;
import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.RowError;
import dev.aevum.executor.waiting.RowStore;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.RowCodec;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.MatchSpec;
import dev.aevum.planner.plan.PlanNode.MatchNode;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// The output rows of matches that were found before, from bytes: `[number i64][kind i8][neighbours
/// before i32][rows i32][neighbours behind i32]`, of each row of the match `[variable i32][excluded
/// i8]`, then of all rows `[length i32][bytes of RowCodec]`.
public final class RecordedMatches implements AutoCloseable {
  private final RowCodec codec;
  private final int[] columns;
  private final EvaluationContext context;
  private final RowStore store;
  private final MatchFrames frames = new MatchFrames(MatchSpec.Frame.UNBOUNDED);
  private final MeasureEvaluation measures;

  /// @param node with the output that is asked for
  /// @param recorded the input's columns as the matches have them, with those of `node`'s input by
  ///   name
  public RecordedMatches(
      MatchNode node,
      Schema recorded,
      FunctionRegistry registry,
      UnaryOperator<Expr> bound,
      EvaluationContext context) {
    MatchPlan plan = new MatchPlan(node, registry, bound);
    this.codec = new RowCodec(recorded.types());
    this.columns =
        node.input().schema().fields().stream()
            .mapToInt(field -> indexOf(recorded, field.name()))
            .toArray();
    this.context = context;
    this.store = new RowStore(context.allocator(), plan.inputTypes);
    this.measures = new MeasureEvaluation(plan, store);
  }

  private static int indexOf(Schema schema, String name) {
    for (int i = 0; i < schema.size(); i++) {
      if (schema.field(i).name().equals(name)) {
        return i;
      }
    }
    throw new IllegalStateException("no column \"" + name + "\"");
  }

  /// `excludes`: rows of exclusions are marked.
  static void encode(
      MatchFrames frames,
      int frame,
      RowStore store,
      RowCodec codec,
      boolean excludes,
      ByteSink out) {
    int before = frames.before(frame);
    int length = frames.length(frame);
    int after = frames.after(frame);
    out.appendLong(frames.number(frame));
    out.appendByte(frames.kind(frame));
    out.appendInt(before);
    out.appendInt(length);
    out.appendInt(after);
    for (int i = 0; i < length; i++) {
      int place = frames.place(frame, i);
      out.appendInt(frames.variableAt(place));
      out.appendByte(excludes && frames.isExcluded(place) ? 1 : 0);
    }
    for (int i = -before; i < length + after; i++) {
      int id = frames.rowAt(frames.place(frame, i));
      int at = out.position();
      out.appendInt(0);
      codec.encode(store.columnsOf(id), RowStore.rowOf(id), out);
      out.setInt(at, out.position() - at - 4);
    }
  }

  /// Gives the output of all matches, in order. Errors: those of measures.
  public void replay(List<byte[]> matches, Consumer<DeltaBatch> output) {
    matches.forEach(this::add);
    measures.evaluate(
        context,
        frames,
        new MeasureEvaluation.Target() {
          @Override
          public void emit(DeltaBatch rows, int[] owners) {
            output.accept(rows);
          }

          @Override
          public void fail(RowError error, int rowId, int frame) {
            throw error.toException();
          }
        });
    frames.clear();
  }

  private void add(byte[] match) {
    MemorySegment bytes = MemorySegment.ofArray(match);
    long number = bytes.get(LONG, 0);
    byte kind = bytes.get(BYTE, 8);
    int before = bytes.get(INT, 9);
    int length = bytes.get(INT, 13);
    int after = bytes.get(INT, 17);
    long at = 21;
    int[] variables = new int[length];
    boolean[] excluded = new boolean[length];
    for (int i = 0; i < length; i++, at += 5) {
      variables[i] = bytes.get(INT, at);
      excluded[i] = bytes.get(BYTE, at + 4) != 0;
    }
    int[] ids = rows(bytes, at, before + length + after);
    frames.addRecorded(ids, before, variables, excluded, kind, number);
  }

  private int[] rows(MemorySegment bytes, long from, int count) {
    int[] ids = new int[count];
    long at = from;
    for (int done = 0; done < count; ) {
      int most = Math.min(RowStore.CHUNK_ROWS, count - done);
      try (BatchWriter out = new BatchWriter(context.allocator(), types(), false, most)) {
        for (int i = 0; i < most; i++) {
          int length = bytes.get(INT, at);
          codec.decode(bytes, at + 4, length, columns, out, 0);
          out.endRow(1);
          at += 4 + length;
        }
        int chunk = store.add(out.finish());
        for (int i = 0; i < most; i++) {
          ids[done + i] = RowStore.id(chunk, i);
        }
      }
      done += most;
    }
    return ids;
  }

  private List<SqlType> types() {
    return Arrays.stream(columns).mapToObj(codec.types()::get).toList();
  }

  @Override
  public void close() {
    store.close();
  }
}
