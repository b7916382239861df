package dev.aevum.connectors.datagen;

import static dev.aevum.connectors.datagen.Generators.drawn;
import static dev.aevum.connectors.datagen.Generators.integer;
import static dev.aevum.connectors.datagen.Generators.money;
import static dev.aevum.connectors.datagen.Generators.skewed;
import static dev.aevum.connectors.datagen.Generators.time;
import static dev.aevum.connectors.datagen.nexmark.Draws.below;

import dev.aevum.connectors.datagen.Generators.Doubles;
import dev.aevum.connectors.datagen.Generators.Generator;
import dev.aevum.connectors.datagen.Generators.LongOf;
import dev.aevum.connectors.datagen.Generators.Times;
import dev.aevum.connectors.datagen.Generators.Words;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.FixedColumn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// The data sets for trying things out, one table each.
final class SmallDataset implements Dataset {
  private static final long ACCOUNTS = 1000;

  private final BufferAllocator allocator;
  private final List<Field> fields = new ArrayList<>();
  private final List<Generator> generators = new ArrayList<>();
  private final Times times;

  SmallDataset(BufferAllocator allocator, String name, Times times) {
    this.allocator = allocator;
    this.times = times;
    of(name)
        .forEach((column, generator) -> {
          fields.add(new Field(column, generator.type(), false));
          generators.add(generator);
        });
  }

  private static Map<String, Generator> of(String name) {
    return switch (name) {
      case "auction" -> auction();
      case "payments" -> payments();
      case "clicks" -> clicks();
      case "sensors" -> sensors();
      case "ticks" -> ticks();
      case "prices" -> prices();
      case "funnel" -> funnel();
      case "bursts" -> bursts();
      default -> throw new IllegalArgumentException("data set " + name);
    };
  }

  /// Bids of an auction house.
  private static Map<String, Generator> auction() {
    Map<String, Generator> columns = new LinkedHashMap<>();
    columns.put("auction", integer(skewed(1, 1000, 200)));
    columns.put("bidder", integer(skewed(2, 1, 2000)));
    columns.put("price", integer(skewed(3, 100, 100_000)));
    columns.put("channel", Words.drawn("Google,Facebook,Baidu,Apple,direct", 4));
    columns.put("ts", time());
    return columns;
  }

  /// Money moving between accounts 1 to 1000: what one gets another gives, so balances that start
  /// at 0 always sum to 0.
  private static Map<String, Generator> payments() {
    LongOf from = drawn(1, 1, ACCOUNTS);
    LongOf to =
        (times, row) -> {
          long shift = 1 + below(times.draw(2, row), ACCOUNTS - 1);
          return 1 + (from.get(times, row) - 1 + shift) % ACCOUNTS;
        };
    Map<String, Generator> columns = new LinkedHashMap<>();
    columns.put("id", integer((times, row) -> row + 1));
    columns.put("from_account", integer(from));
    columns.put("to_account", integer(to));
    columns.put("amount", money(skewed(3, 100, 500_000)));
    columns.put("merchant", Words.drawn("Baker,Grocer,Tailor,Florist,Bookshop,Cinema,Garage", 4));
    columns.put("country", Words.drawn("DE,FR,IT,ES,PL,NL,SE,PT", 5));
    columns.put("ts", time());
    return columns;
  }

  /// Page views of a shop.
  private static Map<String, Generator> clicks() {
    Map<String, Generator> columns = new LinkedHashMap<>();
    columns.put("user_id", integer(skewed(1, 1, 5000)));
    columns.put("session_id", integer((times, row) -> row / 7));
    columns.put(
        "url", Words.drawn("/,/search,/product/1,/product/2,/product/3,/cart,/checkout", 2));
    columns.put("action", Words.drawn("view,view,view,click,click,buy", 3));
    columns.put("device", Words.drawn("phone,phone,desktop,tablet", 4));
    columns.put("ts", time());
    return columns;
  }

  /// Temperature and humidity, each sensor around a level of its own with a daily wave.
  private static Map<String, Generator> sensors() {
    LongOf sensor = (times, row) -> 1 + row % 100;
    Map<String, Generator> columns = new LinkedHashMap<>();
    columns.put("sensor_id", integer(sensor));
    columns.put(
        "location",
        Words.of("roof,cellar,hall,office,lab", (times, row) -> sensor.get(times, row) % 5));
    columns.put(
        "temperature",
        new Doubles(
            100,
            (times, row) ->
                1500
                    + sensor.get(times, row) * 10
                    + wave(times, row, 300)
                    + below(times.draw(1, row), 100)));
    columns.put(
        "humidity",
        new Doubles(
            100, (times, row) -> 4000 - wave(times, row, 500) + below(times.draw(2, row), 1000)));
    columns.put("ts", time());
    return columns;
  }

  /// Trades of ten shares.
  private static Map<String, Generator> ticks() {
    LongOf share = drawn(1, 0, 10);
    Map<String, Generator> columns = new LinkedHashMap<>();
    columns.put("symbol", Words.of("AAA,BBB,CCC,DDD,EEE,FFF,GGG,HHH,III,JJJ", share));
    columns.put(
        "price",
        money((times, row) ->
            5000 * (1 + share.get(times, row))
                + wave(times, row * (2 + share.get(times, row)), 1500)
                + below(times.draw(2, row), 50)));
    columns.put("size", integer((times, row) -> 10 * (1 + below(times.draw(3, row), 100))));
    columns.put("side", Words.drawn("buy,sell", 4));
    columns.put("ts", time());
    return columns;
  }

  /// Random prices of ten thousand keys.
  private static Map<String, Generator> prices() {
    Map<String, Generator> columns = new LinkedHashMap<>();
    columns.put("key", integer(drawn(1, 0, 10_000)));
    columns.put("price", integer(drawn(2, 0, 1_000_000)));
    columns.put("ts", time());
    return columns;
  }

  /// Steps of a million users; a view is followed by a cart and then by a buy one time in 25.
  private static Map<String, Generator> funnel() {
    Map<String, Generator> columns = new LinkedHashMap<>();
    columns.put("user_id", integer(drawn(1, 0, 1_000_000)));
    columns.put("step", Words.drawn("view,view,view,cart,buy", 2));
    columns.put("ts", time());
    return columns;
  }

  /// A thousand keys with runs of `a` that end with a `b`, one row in 20.
  private static Map<String, Generator> bursts() {
    Map<String, Generator> columns = new LinkedHashMap<>();
    columns.put("key", integer(drawn(1, 0, 1000)));
    columns.put(
        "kind", Words.of("a,b", (times, row) -> below(times.draw(2, row), 20) == 0 ? 1 : 0));
    columns.put("ts", time());
    return columns;
  }

  /// A triangle of `height` that repeats every 3600 seconds of event time.
  private static long wave(Times times, long row, long height) {
    long period = 3600 * times.rate();
    long phase = row % period;
    return phase * 2 < period
        ? height * 2 * phase / period
        : height * 2 * (period - phase) / period;
  }

  @Override
  public List<Field> fields() {
    return fields;
  }

  @Override
  public long rowsBefore(long tick) {
    return tick;
  }

  @Override
  public long tickOf(long row) {
    return row;
  }

  @Override
  public @Nullable Column[] columns(long firstRow, int rows, boolean[] needed, long baseMicros) {
    Times at =
        new Times(
            times.seed(), times.rate(), baseMicros, times.lateShare(), times.disorderMicros());
    @Nullable Column[] made = new Column[needed.length];
    for (int c = 0; c < made.length; c++) {
      if (needed[c]) {
        try (FixedColumn column = new FixedColumn(allocator, fields.get(c).type(), rows)) {
          generators.get(c).fill(column, firstRow, at);
          made[c] = column.finish();
        }
      }
    }
    return made;
  }

  @Override
  public void close() {}
}
