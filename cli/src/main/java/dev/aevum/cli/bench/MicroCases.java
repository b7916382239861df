package dev.aevum.cli.bench;

import dev.aevum.connectors.datagen.nexmark.Entity;
import dev.aevum.connectors.datagen.nexmark.NexmarkFiles;
import dev.aevum.connectors.format.CsvDialect;
import dev.aevum.connectors.format.RowAppender;
import dev.aevum.connectors.format.RowDecoder;
import dev.aevum.connectors.format.RowFormat;
import dev.aevum.connectors.spi.SourceSpec;
import dev.aevum.engine.runtime.ServerEnvironment;
import dev.aevum.executor.expression.CalcEvaluator;
import dev.aevum.executor.expression.ExpressionCompiler;
import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.operator.AggregateOperator;
import dev.aevum.executor.operator.CalcOperator;
import dev.aevum.executor.operator.ExchangeOperator;
import dev.aevum.executor.operator.Operator;
import dev.aevum.executor.operator.OperatorContext;
import dev.aevum.executor.operator.PartialAggregateOperator;
import dev.aevum.executor.operator.ShardRange;
import dev.aevum.executor.spi.Exchange;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.RowCodec;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.Shards;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.AggregateCall;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.Traits;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.plan.function.FunctionSignature.ArgumentType;
import dev.aevum.storage.state.memory.MemoryStateBackend;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;

/// What `bench micro` measures: operators and codecs of the product over batches of Nexmark bids.
final class MicroCases {
  static final List<String> NAMES =
      List.of(
          "filter-project",
          "aggregate",
          "partial-aggregate",
          "exchange-split",
          "json-decode",
          "row-encode",
          "row-decode");

  private static final int BATCHES = 16;
  private static final int ROWS = DeltaBatch.TARGET_ROWS;
  private static final int AUCTION = 0;
  private static final int PRICE = 2;
  private static final FunctionRegistry FUNCTIONS = FunctionRegistry.standard();

  private final BufferAllocator allocator = new RootAllocator();
  private final EvaluationContext evaluation =
      new EvaluationContext(allocator, new ServerEnvironment(), 0);
  private final MemoryStateBackend state = new MemoryStateBackend(allocator, 0, Shards.COUNT);
  private final byte[] json = json();
  private final List<DeltaBatch> bids = new ArrayList<>();

  /// One case, made ready.
  interface Case extends AutoCloseable {
    /// Goes over some rows; returns how many.
    int run();

    @Override
    default void close() {}
  }

  private MicroCases() {
    try (RowAppender out = appender()) {
      RowDecoder decoder = format(out);
      int at = 0;
      while (bids.size() < BATCHES) {
        at = decode(decoder, out, at);
        bids.add(out.finish());
      }
    }
  }

  static Case open(String name) {
    MicroCases cases = new MicroCases();
    return switch (name) {
      case "filter-project" -> cases.filterProject();
      case "aggregate" -> cases.aggregate();
      case "partial-aggregate" -> cases.partialAggregate();
      case "exchange-split" -> cases.exchangeSplit();
      case "json-decode" -> cases.jsonDecode();
      case "row-encode" -> cases.rowEncode();
      case "row-decode" -> cases.rowDecode();
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static byte[] json() {
    try (RootAllocator own = new RootAllocator()) {
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      new NexmarkFiles(own, 1, 1000).writeJson(Entity.BID, BATCHES * ROWS * 2L, text);
      return text.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RowAppender appender() {
    int columns = Entity.BID.fields().size();
    return new RowAppender(
        new SourceSpec(
            1,
            "bid",
            new Schema(Entity.BID.fields()),
            Map.of(),
            Collections.nCopies(columns, false),
            Collections.nCopies(columns, true),
            allocator),
        columns);
  }

  private static RowDecoder format(RowAppender out) {
    return new RowFormat(true, false, CsvDialect.DEFAULT).decoder(out, Entity.BID.fields());
  }

  /// Decodes a batch from `at` on; returns where the next begins.
  private int decode(RowDecoder decoder, RowAppender out, int at) {
    int from = at;
    while (out.rows() < ROWS) {
      int end = from;
      while (json[end] != '\n') {
        end++;
      }
      SqlException refused = decoder.decode(json, from, end - from);
      if (refused != null) {
        throw refused;
      }
      out.endRow();
      from = end + 1;
    }
    return from;
  }

  private PlanNode.ScanNode bid() {
    Schema schema = new Schema(Entity.BID.fields());
    List<Integer> all = IntStream.range(0, schema.size()).boxed().toList();
    return new PlanNode.ScanNode(
        1, "bid", all, false, List.of(), schema, new Traits(true, List.of(), List.of(), "none"));
  }

  private OperatorContext context(int ordinal) {
    return new OperatorContext(
        allocator,
        () -> evaluation,
        state,
        1,
        ordinal,
        "micro",
        ShardRange.ALL,
        DeltaBatch::close,
        (error, row, weight) -> {
          throw new IllegalStateException(error.message());
        });
  }

  /// Pushes batch after batch.
  private Case pushing(Operator operator, Runnable flush) {
    return new Case() {
      private int next;

      @Override
      public int run() {
        DeltaBatch batch = bids.get(next++ % BATCHES);
        operator.push(0, batch);
        flush.run();
        return batch.rows();
      }

      @Override
      public void close() {
        operator.close();
        closeAll();
      }
    };
  }

  private void closeAll() {
    bids.forEach(DeltaBatch::close);
    state.close();
    allocator.close();
  }

  private static FunctionSignature function(String name, SqlType... types) {
    for (FunctionSignature f : FUNCTIONS.named(name)) {
      List<ArgumentType> exact = new ArrayList<>();
      for (SqlType type : types) {
        exact.add(new ArgumentType.Exact(type));
      }
      if (f.arguments().equals(exact)) {
        return f;
      }
    }
    throw new IllegalStateException(name);
  }

  private static Expr.ColumnRef column(int index) {
    Field field = Entity.BID.fields().get(index);
    return new Expr.ColumnRef(index, field.type(), field.nullable());
  }

  /// `SELECT auction, price * 908 / 1000 FROM bid WHERE price > 1000000`.
  private Case filterProject() {
    SqlType type = SimpleType.BIGINT;
    Expr filter =
        new Expr.Call(
            function(">", type, type),
            List.of(column(PRICE), new Expr.Literal(1_000_000L, type)),
            SimpleType.BOOLEAN,
            false);
    Expr product =
        new Expr.Call(
            function("*", type, type),
            List.of(column(PRICE), new Expr.Literal(908L, type)),
            type,
            false);
    Expr price =
        new Expr.Call(
            function("/", type, type),
            List.of(product, new Expr.Literal(1000L, type)),
            type,
            false);
    CalcEvaluator calc =
        ExpressionCompiler.calc(
            filter, List.of(column(AUCTION), price), bid().schema().types(), FUNCTIONS);
    return pushing(new CalcOperator(context(1), calc), () -> {});
  }

  private static List<AggregateCall> calls() {
    FunctionSignature max = function("max", SimpleType.BIGINT);
    FunctionSignature count = function("count");
    return List.of(
        new AggregateCall(count, List.of(), false, -1, List.of(), SimpleType.BIGINT, false),
        new AggregateCall(max, List.of(PRICE), false, -1, List.of(), SimpleType.BIGINT, true));
  }

  /// `SELECT auction, count(*), max(price) FROM bid GROUP BY auction`, a flush a batch.
  private Case aggregate() {
    Schema result =
        new Schema(
            List.of(
                new Field("auction", SimpleType.BIGINT, false),
                new Field("n", SimpleType.BIGINT, false),
                new Field("most", SimpleType.BIGINT, true)));
    AggregateOperator operator =
        new AggregateOperator(
            context(2),
            new PlanNode.AggregateNode(
                bid(), List.of(AUCTION), calls(), -1, false, result, Traits.UNKNOWN),
            FUNCTIONS::aggregate);
    return pushing(operator, operator::flush);
  }

  private Case partialAggregate() {
    Schema result =
        new Schema(
            List.of(
                new Field("auction", SimpleType.BIGINT, false),
                new Field("partial", SimpleType.BYTEA, false)));
    PartialAggregateOperator operator =
        new PartialAggregateOperator(
            context(3),
            new PlanNode.PartialAggregateNode(
                bid(), List.of(AUCTION), calls(), result, Traits.UNKNOWN),
            FUNCTIONS::aggregate);
    return pushing(operator, operator::flush);
  }

  /// To two workers by auction, all seven columns.
  private Case exchangeSplit() {
    Exchange exchange =
        new Exchange() {
          @Override
          public int workers() {
            return 2;
          }

          @Override
          public void send(int edge, int fromWorker, int toWorker, DeltaBatch batch) {
            batch.close();
          }

          @Override
          public void endPhase(int edge, int fromWorker, long step) {}

          @Override
          public @Nullable DeltaBatch receive(int edge, int worker, long step) {
            return null;
          }
        };
    PlanNode.ExchangeNode node =
        new PlanNode.ExchangeNode(bid(), List.of(AUCTION), bid().schema(), Traits.UNKNOWN);
    return pushing(new ExchangeOperator(context(4), node, exchange, 0, 0, () -> 1L), () -> {});
  }

  private Case jsonDecode() {
    RowAppender out = appender();
    RowDecoder decoder = format(out);
    return new Case() {
      private int at;
      private int batches;

      @Override
      public int run() {
        at = batches++ % BATCHES == 0 ? 0 : at;
        at = decode(decoder, out, at);
        try (DeltaBatch made = out.finish()) {
          return made.rows();
        }
      }

      @Override
      public void close() {
        out.close();
        closeAll();
      }
    };
  }

  private static Column[] columns(DeltaBatch batch) {
    Column[] columns = new Column[batch.columnCount()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = batch.column(i);
    }
    return columns;
  }

  private Case rowEncode() {
    RowCodec codec = new RowCodec(bid().schema().types());
    ByteSink sink = new ByteSink(1 << 20);
    Column[][] columns = bids.stream().map(MicroCases::columns).toArray(Column[][]::new);
    return new Case() {
      private int next;

      @Override
      public int run() {
        Column[] batch = columns[next++ % BATCHES];
        sink.reset();
        for (int row = 0; row < ROWS; row++) {
          codec.encode(batch, row, sink);
        }
        return ROWS;
      }

      @Override
      public void close() {
        closeAll();
      }
    };
  }

  private Case rowDecode() {
    RowCodec codec = new RowCodec(bid().schema().types());
    ByteSink sink = new ByteSink(1 << 20);
    int[] ends = new int[ROWS + 1];
    Column[] first = columns(bids.getFirst());
    for (int row = 0; row < ROWS; row++) {
      codec.encode(first, row, sink);
      ends[row + 1] = sink.position();
    }
    BatchWriter out = new BatchWriter(allocator, bid().schema().types(), false, ROWS);
    return new Case() {
      @Override
      public int run() {
        for (int row = 0; row < ROWS; row++) {
          codec.decode(sink.segment(), ends[row], ends[row + 1] - ends[row], out, 0);
          out.endRow();
        }
        try (DeltaBatch made = out.finish()) {
          return made.rows();
        }
      }

      @Override
      public void close() {
        out.close();
        closeAll();
      }
    };
  }
}
