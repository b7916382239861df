package dev.aevum.wire.postgres;

import io.netty.channel.Channel;
import java.util.LinkedHashSet;
import java.util.SequencedSet;

/// Sockets that have not sent their start-up message, the oldest first. Any thread.
final class StartingSockets {
  private final SequencedSet<Channel> channels = new LinkedHashSet<>();

  synchronized void add(Channel channel) {
    channels.add(channel);
  }

  synchronized void remove(Channel channel) {
    channels.remove(channel);
  }

  /// Makes room; false where none waits.
  boolean closeOldest() {
    Channel oldest;
    synchronized (this) {
      oldest = channels.isEmpty() ? null : channels.removeFirst();
    }
    if (oldest != null) {
      var _ = oldest.close();
    }
    return oldest != null;
  }
}
