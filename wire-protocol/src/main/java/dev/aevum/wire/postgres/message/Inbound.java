package dev.aevum.wire.postgres.message;

/// What the decoder cuts out of the bytes of a connection.
public sealed interface Inbound {
  /// SSLRequest or GSSENCRequest: to be answered by one byte.
  record EncryptionRequest(boolean gss) implements Inbound {}

  /// CancelRequest: always alone on its connection.
  @SuppressWarnings("ArrayRecordComponent") // messages are handed on, never compared
  record CancelRequest(int processId, byte[] key) implements Inbound {}

  /// A StartupMessage's version and the bytes after it.
  @SuppressWarnings("ArrayRecordComponent") // messages are handed on, never compared
  record Startup(int version, byte[] body) implements Inbound {}

  /// A message after start-up, its fields not looked at yet.
  @SuppressWarnings("ArrayRecordComponent") // messages are handed on, never compared
  record Frame(byte type, byte[] body) implements Inbound {}

  /// Framing is lost: the connection ends with this message, or silently where the bytes are not of
  /// this protocol at all. Nothing follows.
  record Broken(String message, boolean silent) implements Inbound {}
}
