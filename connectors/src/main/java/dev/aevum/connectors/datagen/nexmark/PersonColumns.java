package dev.aevum.connectors.datagen.nexmark;

import static dev.aevum.connectors.datagen.nexmark.Draws.below;
import static dev.aevum.connectors.datagen.nexmark.Draws.draw;
import static dev.aevum.connectors.datagen.nexmark.NexmarkBuffers.data;
import static dev.aevum.connectors.datagen.nexmark.NexmarkBuffers.wanted;
import static dev.aevum.model.batch.Memory.BYTE;
import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.batch.Memory;
import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Fills columns of persons: id, name, emailAddress, creditCard, city, state, dateTime, extra.
/// Draws of a person: 1 name, 2 to 4 email, 5 to 8 card, 9 city, 10 state, 11 and 12 extra.
final class PersonColumns {
  private static final int SIZE_AVERAGE = 171;
  private static final int EMAIL_SLOT = 16;
  private static final int CARD = 19;
  private static final int INLINE = 12;

  private final BufferAllocator allocator;
  private final NexmarkBuffers buffers;
  private final Timeline time;
  private final long mixedSeed;

  PersonColumns(BufferAllocator allocator, NexmarkBuffers buffers, Timeline time, long mixedSeed) {
    this.allocator = allocator;
    this.buffers = buffers;
    this.time = time;
    this.mixedSeed = mixedSeed;
  }

  void fill(@Nullable FixedColumn[] out, long firstOrdinal, int rows) {
    MemorySegment names = data(out[1], buffers.names);
    MemorySegment emailTexts = ownBuffer(out[2], rows * EMAIL_SLOT);
    MemorySegment cardTexts = ownBuffer(out[3], rows * CARD);
    MemorySegment cities = data(out[4], buffers.cities);
    MemorySegment states = data(out[5], buffers.states);
    MemorySegment extras = data(out[7], buffers.poolA);
    for (int row = 0; row < rows; row++) {
      long ordinal = firstOrdinal + row;
      long event = Entity.PERSON.event(ordinal);
      long start = Draws.mix(mixedSeed + event);
      int name = (int) below(draw(start, 1), 99);
      int city = (int) below(draw(start, 9), 10);
      if (wanted(out[0])) {
        data(out[0]).set(LONG, (long) row << 3, 1000 + ordinal);
      }
      if (wanted(out[1])) {
        buffers.names.putWord(names, row, name);
      }
      if (wanted(out[2])) {
        putEmail(data(out[2]), emailTexts, row, start);
      }
      if (wanted(out[3])) {
        putCard(data(out[3]), cardTexts, row, start);
      }
      if (wanted(out[4])) {
        buffers.cities.putWord(cities, row, city);
      }
      if (wanted(out[5])) {
        buffers.states.putWord(states, row, (int) below(draw(start, 10), 6));
      }
      if (wanted(out[6])) {
        data(out[6]).set(LONG, (long) row << 3, time.micros(event));
      }
      if (wanted(out[7])) {
        int used =
            buffers.names.wordLength(name) + emailLength(start) + buffers.cities.wordLength(city);
        buffers.putExtra(extras, row, start, 11, SIZE_AVERAGE - used);
      }
    }
  }

  private MemorySegment ownBuffer(@Nullable FixedColumn column, int bytes) {
    if (column == null) {
      return Memory.EMPTY;
    }
    ArrowBuf buffer = allocator.buffer(Math.max(8, bytes));
    column.addLongBuffer(buffer);
    return Memory.segment(buffer);
  }

  private static int userLength(long start) {
    return 3 + (int) below(draw(start, 2), 4);
  }

  private static int hostLength(long start) {
    return 3 + (int) below(draw(start, 3), 2);
  }

  private static int emailLength(long start) {
    return userLength(start) + 1 + hostLength(start) + 4;
  }

  private void putEmail(MemorySegment data, MemorySegment texts, int row, long start) {
    int user = userLength(start);
    int host = hostLength(start);
    long offset = below(draw(start, 4), NexmarkTables.POOL - 16);
    long at = (long) row * EMAIL_SLOT;
    MemorySegment pool = buffers.poolA.text();
    MemorySegment.copy(pool, offset, texts, at, user);
    texts.set(BYTE, at + user, (byte) '@');
    MemorySegment.copy(pool, offset + user, texts, at + user + 1, host);
    texts.set(INT, at + user + 1 + host, '.' | 'c' << 8 | 'o' << 16 | 'm' << 24);
    putView(data, texts, row, at, user + host + 5);
  }

  private static void putCard(MemorySegment data, MemorySegment texts, int row, long start) {
    long at = (long) row * CARD;
    for (int group = 0; group < 4; group++) {
      int digits = (int) below(draw(start, 5 + group), 10_000);
      long to = at + 5L * group;
      texts.set(BYTE, to, (byte) ('0' + digits / 1000));
      texts.set(BYTE, to + 1, (byte) ('0' + digits / 100 % 10));
      texts.set(BYTE, to + 2, (byte) ('0' + digits / 10 % 10));
      texts.set(BYTE, to + 3, (byte) ('0' + digits % 10));
      if (group < 3) {
        texts.set(BYTE, to + 4, (byte) ' ');
      }
    }
    putView(data, texts, row, at, CARD);
  }

  private static void putView(
      MemorySegment data, MemorySegment texts, int row, long at, int length) {
    long view = (long) row << 4;
    data.set(INT, view, length);
    if (length <= INLINE) {
      data.set(LONG, view + 4, 0);
      data.set(INT, view + 12, 0);
      MemorySegment.copy(texts, at, data, view + 4, length);
    } else {
      data.set(INT, view + 4, texts.get(INT, at));
      data.set(INT, view + 8, 0);
      data.set(INT, view + 12, (int) at);
    }
  }
}
