package dev.aevum.wire.postgres.message;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Integers in network byte order out of byte arrays.
public final class BigEndian {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private BigEndian() {}

  public static short shortAt(byte[] bytes, int at) {
    return (short) SHORT.get(bytes, at);
  }

  public static int intAt(byte[] bytes, int at) {
    return (int) INT.get(bytes, at);
  }
}
