package dev.aevum.wire.postgres;

import dev.aevum.engine.api.Portal.CopyIn;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.wire.postgres.Report.Severity;
import dev.aevum.wire.postgres.message.FrontendMessage;
import dev.aevum.wire.postgres.message.FrontendMessage.CopyData;
import dev.aevum.wire.postgres.message.FrontendMessage.CopyDone;
import dev.aevum.wire.postgres.message.FrontendMessage.CopyFail;
import dev.aevum.wire.postgres.message.FrontendMessage.Flush;
import dev.aevum.wire.postgres.message.FrontendMessage.Sync;
import dev.aevum.wire.postgres.message.Inbound;
import dev.aevum.wire.postgres.message.Inbound.Broken;
import dev.aevum.wire.postgres.message.Inbound.Frame;
import dev.aevum.wire.postgres.value.BinaryCopyInput;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Receives the data of COPY FROM STDIN. The client's speed is bound by the engine's: what it takes
/// from the inbox makes room for more.
final class CopyInReceiver {
  private final Conversation conversation;

  CopyInReceiver(Conversation conversation) {
    this.conversation = conversation;
  }

  /// Returns the command tag. Errors: those of the data; 57014 when the client gives up or cancels;
  /// 08P01 for another message in between.
  String receive(CopyIn copy) {
    try (copy) {
      if (!copy.binary()) {
        return receive(copy, bytes -> copy.data(bytes, 0, bytes.length), copy::done);
      }
      try (BinaryCopyInput input = new BinaryCopyInput(copy, conversation.allocator())) {
        return receive(copy, input::data, input::done);
      }
    }
  }

  private String receive(CopyIn copy, Consumer<byte[]> data, Supplier<String> done) {
    conversation.out().copyResponse('G', copy.columns(), copy.binary());
    conversation.out().flush(false);
    while (true) {
      Inbound next = conversation.inbox().take(conversation.interruption()::check);
      switch (next) {
        case null -> {
          conversation.endIfToldTo();
          throw new ClientGoneException();
        }
        case Broken broken ->
            throw new FatalException(
                new SqlException(ErrorCode.PROTOCOL_VIOLATION, broken.message()));
        case Frame frame -> {
          switch (FrontendMessage.decode(frame)) {
            case CopyData message -> data.accept(message.bytes());
            case CopyDone message -> {
              return done.get();
            }
            case CopyFail fail -> {
              copy.fail(fail.reason());
              throw new SqlException(
                  ErrorCode.QUERY_CANCELED, "COPY from stdin failed: " + fail.reason());
            }
            // Clients that pipeline send these before they know that data is wanted.
            case Flush flush -> {}
            case Sync sync -> {}
            default -> throw unexpected(frame.type());
          }
        }
        case Inbound.Startup s -> throw new IllegalStateException("start-up within a session");
        case Inbound.CancelRequest c -> throw new IllegalStateException("cancel within a session");
        case Inbound.EncryptionRequest e ->
            throw new IllegalStateException("encryption request within a session");
      }
    }
  }

  /// Whether what follows is data or messages can't be known any more: the connection ends.
  private FatalException unexpected(byte type) {
    String message =
        String.format(Locale.ROOT, "unexpected message type 0x%02X during COPY from stdin", type);
    Report.error(
        conversation.out(),
        Severity.ERROR,
        new SqlException(ErrorCode.PROTOCOL_VIOLATION, message));
    return new FatalException(
        new SqlException(
            ErrorCode.PROTOCOL_VIOLATION,
            "terminating connection because protocol synchronization was lost"));
  }
}
