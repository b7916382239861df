package dev.aevum.wire.postgres;

import dev.aevum.engine.api.Portal;
import dev.aevum.engine.api.Portal.Fetched;
import dev.aevum.engine.api.ResultColumn;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.wire.postgres.message.BackendWriter;
import dev.aevum.wire.postgres.value.ResultFormat;
import dev.aevum.wire.postgres.value.ResultFormat.RowEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Executes portals: fetches from the engine and sends rows or COPY data as they come, waiting for
/// a client that reads slowly.
final class PortalRunner {
  /// How an execution went.
  ///
  /// @param rows sent by it
  /// @param tag null: the row limit came first
  record Outcome(long rows, @Nullable String tag) {}

  /// Signature, no flags, no extension.
  private static final byte[] COPY_HEADER =
      "PGCOPY\n\u00ff\r\n\0\0\0\0\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);

  private static final byte[] COPY_TRAILER = {-1, -1};

  private final Conversation conversation;
  private final CopyInReceiver copyIn;

  PortalRunner(Conversation conversation) {
    this.conversation = conversation;
    this.copyIn = new CopyInReceiver(conversation);
  }

  /// @param format null for a statement without rows
  /// @param maxRows 0 or less for all
  Outcome run(Portal portal, @Nullable ResultFormat format, int maxRows) {
    BackendWriter out = conversation.out();
    RowEncoder encoder =
        format == null
            ? null
            : format.encoder(conversation.session().textStyle(), conversation.allocator());
    long rows = 0;
    boolean copyOut = false;
    RowEncoder binary = null;
    while (true) {
      Fetched piece = portal.fetch(maxRows <= 0 ? 0 : (int) (maxRows - rows));
      if (piece.copyIn() != null) {
        return new Outcome(0, copyIn.receive(piece.copyIn()));
      }
      if (piece.copyOut() > 0 && !copyOut) {
        copyOut = true;
        binary = binaryCopy(portal);
        out.copyResponse('H', piece.copyOut(), binary != null);
      }
      if (piece.batch() != null) {
        try (DeltaBatch batch = piece.batch()) {
          rows +=
              copyOut
                  ? binary == null ? sendCopyData(batch) : sendCopyRows(batch, binary, rows == 0)
                  : sendRows(
                      batch,
                      Objects.requireNonNull(encoder, "rows of a statement without columns"));
        }
      }
      if (piece.done()) {
        if (binary != null) {
          sendCopyTrailer(rows == 0);
        }
        if (copyOut) {
          out.plain('c');
        }
        return new Outcome(
            rows, Objects.requireNonNull(piece.commandTag(), "a statement without command tag"));
      }
      if (maxRows > 0 && rows >= maxRows) {
        return new Outcome(rows, null);
      }
      if (portal.live()) {
        out.flush(false);
      }
      conversation.interruption().check();
    }
  }

  /// What writes rows of the binary COPY format; null for lines.
  private @Nullable RowEncoder binaryCopy(Portal portal) {
    List<ResultColumn> columns = portal.binaryCopy();
    return columns == null
        ? null
        : ResultFormat.of(columns, new short[] {1})
            .encoder(conversation.session().textStyle(), conversation.allocator());
  }

  /// The end of the binary COPY format; the whole of it where there were no rows.
  private void sendCopyTrailer(boolean first) {
    BackendWriter out = conversation.out();
    out.begin('d');
    if (first) {
      out.sink().appendBytes(COPY_HEADER);
    }
    out.sink().appendBytes(COPY_TRAILER);
    out.end();
  }

  /// Rows of the binary COPY format, which look as those of DataRow messages. The header stands in
  /// the first row's message, as PostgreSQL sends it: some clients read one row a message.
  private long sendCopyRows(DeltaBatch batch, RowEncoder encoder, boolean first) {
    BackendWriter out = conversation.out();
    long sent = 0;
    for (int row = 0; row < batch.rows(); row++) {
      for (long copies = batch.weightAt(row); copies > 0; copies--) {
        out.begin('d');
        if (first && sent == 0) {
          out.sink().appendBytes(COPY_HEADER);
        }
        encoder.append(batch, row, out.sink());
        out.end();
        out.flushIfLarge();
        sent++;
      }
    }
    return sent;
  }

  private long sendRows(DeltaBatch batch, RowEncoder encoder) {
    BackendWriter out = conversation.out();
    long sent = 0;
    for (int row = 0; row < batch.rows(); row++) {
      for (long copies = batch.weightAt(row); copies > 0; copies--) {
        out.begin('D');
        encoder.append(batch, row, out.sink());
        out.end();
        out.flushIfLarge();
        sent++;
      }
    }
    return sent;
  }

  private long sendCopyData(DeltaBatch batch) {
    BackendWriter out = conversation.out();
    Column lines = batch.column(0);
    for (int row = 0; row < batch.rows(); row++) {
      out.begin('d');
      out.sink().appendBytes(lines.segmentAt(row), lines.offsetAt(row), lines.lengthAt(row));
      out.end();
      out.flushIfLarge();
    }
    return batch.rows();
  }
}
