package dev.aevum.wire.postgres;

import dev.aevum.wire.postgres.message.Outlet;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Writes to a channel from the connection's thread, and waits there while more is pending than the
/// channel's high water mark.
final class ChannelOutlet implements Outlet {
  private final Channel channel;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Runnable check = () -> {};

  ChannelOutlet(Channel channel) {
    this.channel = channel;
  }

  /// What is asked while waiting, and may throw to give up.
  void checkWith(Runnable newCheck) {
    check = newCheck;
  }

  @Override
  public void write(byte[] bytes, int length, boolean urgent) {
    if (!urgent && !channel.isWritable()) {
      awaitWritable();
    }
    if (!channel.isActive()) {
      throw new ClientGoneException();
    }
    ByteBuf buffer = channel.alloc().buffer(length);
    buffer.writeBytes(bytes, 0, length);
    var _ = channel.writeAndFlush(buffer, channel.voidPromise());
  }

  /// The channel's state changed, or what the check looks at. From any thread.
  void signal() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void awaitWritable() {
    lock.lock();
    try {
      while (!channel.isWritable() && channel.isActive()) {
        check.run();
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }
}
