package dev.aevum.wire.postgres.message;

import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Backend messages, collected and handed to an [Outlet] in pieces of about [#FLUSH_BYTES]. A
/// message is [#begin], its fields into [#sink], [#end]; [#abandon] takes back one that was begun.
/// One thread.
public final class BackendWriter {
  public static final int FLUSH_BYTES = 32 * 1024;

  /// PostgreSQL's bound of a message.
  private static final int MAX_MESSAGE_BYTES = 0x3fffffff;

  private static final int KEPT_BYTES = 4 * FLUSH_BYTES;

  private final Outlet outlet;
  private ByteSink sink = new ByteSink(512);
  private int messageStart = -1;

  public BackendWriter(Outlet outlet) {
    this.outlet = outlet;
  }

  /// Where the fields of the message go. Not to be kept: it changes with [#flush].
  public ByteSink sink() {
    return sink;
  }

  public void begin(char type) {
    if (messageStart >= 0) {
      throw new IllegalStateException("message within a message");
    }
    messageStart = sink.position();
    sink.appendByte(type);
    sink.appendIntBig(0);
  }

  /// Completes the message. Does not hand anything on.
  public void end() {
    int length = sink.position() - messageStart - 1;
    if (length > MAX_MESSAGE_BYTES) {
      throw new SqlException(
          ErrorCode.PROGRAM_LIMIT_EXCEEDED,
          "result row of " + length + " bytes is too large for a message");
    }
    sink.setIntBig(messageStart + 1, length);
    messageStart = -1;
  }

  /// Forgets a message that was begun and not ended.
  public void abandon() {
    if (messageStart >= 0) {
      sink.position(messageStart);
      messageStart = -1;
    }
  }

  /// Hands on what there is, once it is enough.
  public void flushIfLarge() {
    if (sink.position() >= FLUSH_BYTES) {
      flush(false);
    }
  }

  /// Hands on all complete messages.
  ///
  /// @param urgent do not wait for a slow reader
  public void flush(boolean urgent) {
    int length = sink.position();
    if (length > 0) {
      outlet.write(sink.array(), length, urgent);
      sink.reset();
      if (sink.array().length > KEPT_BYTES) {
        sink = new ByteSink(FLUSH_BYTES);
      }
    }
  }

  public void text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    sink.appendBytes(bytes);
    sink.appendByte(0);
  }

  /// A message without fields.
  public void plain(char type) {
    begin(type);
    end();
  }

  public void authenticationOk() {
    begin('R');
    sink.appendIntBig(0);
    end();
  }

  public void parameterStatus(String name, String value) {
    begin('S');
    text(name);
    text(value);
    end();
  }

  public void backendKeyData(int processId, byte[] key) {
    begin('K');
    sink.appendIntBig(processId);
    sink.appendBytes(key);
    end();
  }

  public void negotiateProtocolVersion(int newest, List<String> unknownOptions) {
    begin('v');
    sink.appendIntBig(newest);
    sink.appendIntBig(unknownOptions.size());
    unknownOptions.forEach(this::text);
    end();
  }

  public void readyForQuery(char status) {
    begin('Z');
    sink.appendByte(status);
    end();
  }

  public void commandComplete(String tag) {
    begin('C');
    text(tag);
    end();
  }

  public void parameterDescription(List<Integer> oids) {
    begin('t');
    sink.appendShortBig(oids.size());
    oids.forEach(sink::appendIntBig);
    end();
  }

  /// CopyInResponse (`G`) or CopyOutResponse (`H`).
  public void copyResponse(char type, int columns, boolean binary) {
    begin(type);
    sink.appendByte(binary ? 1 : 0);
    sink.appendShortBig(columns);
    for (int i = 0; i < columns; i++) {
      sink.appendShortBig(binary ? 1 : 0);
    }
    end();
  }

  /// ErrorResponse (`E`) or NoticeResponse (`N`); field letters to values, those without value left
  /// out.
  public void report(char type, Map<Character, @Nullable String> fields) {
    begin(type);
    fields.forEach((letter, value) -> {
      if (value != null) {
        sink.appendByte(letter);
        text(value.indexOf('\0') < 0 ? value : value.replace('\0', '\ufffd'));
      }
    });
    sink.appendByte(0);
    end();
  }
}
