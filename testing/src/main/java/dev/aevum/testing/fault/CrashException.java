package dev.aevum.testing.fault;

/// The machine is gone: thrown by the operation that the crash hits and by every one after it.
public final class CrashException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CrashException(long operation) {
    super("crash at file operation " + operation);
  }
}
