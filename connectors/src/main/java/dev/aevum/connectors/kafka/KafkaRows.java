package dev.aevum.connectors.kafka;

import dev.aevum.connectors.format.JsonEncoder;
import dev.aevum.connectors.format.RowAppender;
import dev.aevum.connectors.format.RowDecoder;
import dev.aevum.connectors.reader.ChunkBuilder;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.Field;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/// Turns records into rows with their hidden columns. One thread.
final class KafkaRows {
  /// When the record was made, where it stands, its key, and its headers as a JSON object.
  static final List<Field> HIDDEN =
      List.of(
          new Field("_source_time", SimpleType.TIMESTAMPTZ, true),
          new Field("_source_partition", SimpleType.INTEGER, false),
          new Field("_source_offset", SimpleType.BIGINT, false),
          new Field("_key", SimpleType.BYTEA, true),
          new Field("_headers", SimpleType.JSON, true));

  private static final byte[] NOTHING = new byte[0];

  private final RowDecoder decoder;
  private final RowAppender rows;
  private final ChunkBuilder chunks;
  private final ByteSink headers = new ByteSink();

  KafkaRows(RowDecoder decoder, RowAppender rows, ChunkBuilder chunks) {
    this.decoder = decoder;
    this.rows = rows;
    this.chunks = chunks;
  }

  /// Appends the record's row, or a refusal, to the chunk under construction.
  void decode(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
    ByteBuffer value = record.value();
    if (value == null) {
      refuse(
          record,
          new SqlException(ErrorCode.NULL_VALUE_NOT_ALLOWED, "record has no value (a tombstone)"),
          NOTHING,
          0,
          0);
      return;
    }
    byte[] bytes;
    int start;
    int length = value.remaining();
    if (value.hasArray()) {
      bytes = value.array();
      start = value.arrayOffset() + value.position();
    } else {
      bytes = new byte[length];
      value.duplicate().get(bytes);
      start = 0;
    }
    SqlException refused = decoder.decode(bytes, start, length);
    if (refused != null) {
      refuse(record, refused, bytes, start, length);
      return;
    }
    hidden(record);
    chunks.accept(record.offset() + 1, length);
  }

  private void refuse(
      ConsumerRecord<ByteBuffer, ByteBuffer> record,
      SqlException why,
      byte[] bytes,
      int start,
      int length) {
    chunks.refuse(Integer.toString(record.partition()), record.offset(), why, bytes, start, length);
  }

  private void hidden(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
    int first = rows.declared();
    ColumnWriter time = rows.writer(first);
    if (time != null) {
      if (record.timestamp() < 0) {
        time.appendNull();
      } else {
        time.appendLong(record.timestamp() * 1000);
      }
    }
    ColumnWriter partition = rows.writer(first + 1);
    if (partition != null) {
      partition.appendInt(record.partition());
    }
    ColumnWriter offset = rows.writer(first + 2);
    if (offset != null) {
      offset.appendLong(record.offset());
    }
    ColumnWriter key = rows.writer(first + 3);
    if (key != null) {
      appendKey(key, record.key());
    }
    ColumnWriter all = rows.writer(first + 4);
    if (all != null) {
      appendHeaders(all, record);
    }
  }

  private static void appendKey(ColumnWriter out, ByteBuffer key) {
    if (key == null) {
      out.appendNull();
    } else {
      byte[] bytes = new byte[key.remaining()];
      key.duplicate().get(bytes);
      out.appendBytes(bytes, 0, bytes.length);
    }
  }

  private void appendHeaders(ColumnWriter out, ConsumerRecord<ByteBuffer, ByteBuffer> record) {
    headers.reset();
    for (Header header : record.headers()) {
      headers.appendByte(headers.position() == 0 ? '{' : ',');
      JsonEncoder.string(header.key(), headers);
      headers.appendByte(':');
      byte[] value = header.value();
      if (value == null) {
        headers.appendText("null");
      } else {
        JsonEncoder.string(new String(value, StandardCharsets.UTF_8), headers);
      }
    }
    if (headers.position() == 0) {
      out.appendNull();
    } else {
      headers.appendByte('}');
      out.appendBytes(headers.array(), 0, headers.position());
    }
  }
}
