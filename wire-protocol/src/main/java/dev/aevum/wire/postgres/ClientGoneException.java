package dev.aevum.wire.postgres;

/// The client is no longer there: ends the connection's thread. Never leaves it.
final class ClientGoneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ClientGoneException() {
    super("client is gone", null, false, false);
  }
}
