package dev.aevum.wire.postgres.message;

/// Where finished backend messages go.
public interface Outlet {
  /// Takes a copy of the bytes. May block while the client reads slower than we write, unless
  /// `urgent`.
  void write(byte[] bytes, int length, boolean urgent);
}
