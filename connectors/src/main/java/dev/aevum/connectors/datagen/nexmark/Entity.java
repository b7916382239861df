package dev.aevum.connectors.datagen.nexmark;

import dev.aevum.model.batch.Field;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The three kinds of events. Each block of 50 events is one person, then three auctions, then 46
/// bids. `ordinal`: number of a row among those of its kind; `event`: number among all events.
public enum Entity {
  PERSON(0, 0, 1, "id name* emailAddress* creditCard* city* state* dateTime@ extra*"),
  AUCTION(
      1,
      1,
      3,
      "id itemName* description* initialBid reserve dateTime@ expires@ seller category extra*"),
  BID(2, 4, 46, "auction bidder price channel* url* dateTime@ extra*");

  /// Events of a block.
  public static final int BLOCK = 50;

  private final int number;
  private final int first;
  private final int count;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.copyOf
  private final List<Field> fields;

  /// `columns`: names, followed by `*` for text and `@` for a timestamp.
  Entity(int number, int first, int count, String columns) {
    this.number = number;
    this.first = first;
    this.count = count;
    List<Field> made = new ArrayList<>();
    for (String column : columns.split(" ", -1)) {
      SqlType type =
          column.endsWith("*")
              ? SimpleType.TEXT
              : column.endsWith("@") ? SimpleType.TIMESTAMP : SimpleType.BIGINT;
      made.add(new Field(column.replaceAll("[*@]", ""), type, false));
    }
    this.fields = List.copyOf(made);
  }

  /// The columns in the order of the files.
  public List<Field> fields() {
    return fields;
  }

  /// `person`, `auction` or `bid`.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// `event_type` in merged files.
  int number() {
    return number;
  }

  int first() {
    return first;
  }

  int count() {
    return count;
  }

  /// How many of the first `events` events are of this kind.
  public long rowsIn(long events) {
    return events / BLOCK * count + Math.clamp(events % BLOCK - first, 0, count);
  }

  /// The event of row `ordinal`.
  public long event(long ordinal) {
    return ordinal / count * BLOCK + first + ordinal % count;
  }

  /// The kind of event `event`.
  public static Entity of(long event) {
    int offset = (int) (event % BLOCK);
    return offset == 0 ? PERSON : offset < BID.first ? AUCTION : BID;
  }
}
