package dev.aevum.connectors.datagen.nexmark;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What all events share, whatever the seed: pools of letters that strings are cut from, word
/// lists, the bid channels with their URLs, and the price curve. Built in some tens of
/// milliseconds; immutable.
final class NexmarkTables {
  static final int POOL = 1 << 20;
  static final int CHANNELS = 10_004;

  private static final String[] FIRST_NAMES =
      "Peter,Paul,Luke,John,Saul,Vicky,Kate,Julie,Sarah,Deiter,Walter".split(",");
  private static final String[] LAST_NAMES =
      "Shultz,Abrams,Spencer,White,Bartels,Walton,Smith,Jones,Noris".split(",");

  final byte[] poolA = new byte[POOL];
  final byte[] poolB = new byte[POOL];
  final long[] price = new long[4097];
  final List<String> urls;
  final List<String> channels;
  final List<String> names;
  final List<String> cities =
      List.of(
          "Phoenix,Los Angeles,San Francisco,Boise,Portland,Bend,Redmond,Seattle,Kent,Cheyenne"
              .split(","));
  final List<String> states = List.of("AZ,CA,ID,OR,WA,WY".split(","));

  NexmarkTables() {
    fillPools();
    for (int j = 0; j < price.length; j++) {
      price[j] = Math.round(Math.pow(10, 6.0 * j / 4096) * 100);
    }
    urls = makeUrls();
    channels = new ArrayList<>(List.of("Google", "Facebook", "Baidu", "Apple"));
    for (int c = 0; c < CHANNELS - 4; c++) {
      channels.add("channel-" + c);
    }
    names = new ArrayList<>();
    for (int n = 0; n < 99; n++) {
      names.add(FIRST_NAMES[n / 9] + " " + LAST_NAMES[n % 9]);
    }
  }

  /// The price law: exponential from 100 to 100,000,000.
  long priceOf(long draw) {
    int j = (int) (draw >>> 52);
    long fraction = (draw >>> 20) & 0xfffff;
    return price[j] + (((price[j + 1] - price[j]) * fraction) >>> 20);
  }

  private void fillPools() {
    Sequence a = new Sequence(0x5EEDA);
    for (int i = 0; i < POOL; i++) {
      poolA[i] = (byte) ('a' + a.below(26));
    }
    Sequence b = new Sequence(0x5EEDB);
    for (int i = 0; i < POOL; i++) {
      poolB[i] = (byte) (b.below(13) == 0 ? '_' : 'a' + b.below(26));
    }
  }

  private List<String> makeUrls() {
    Sequence draws = new Sequence(0x5EEDC);
    List<String> made = new ArrayList<>(CHANNELS);
    for (int c = 0; c < CHANNELS; c++) {
      StringBuilder url = new StringBuilder("https://www.nexmark.com/");
      for (int part = 0; part < 3; part++) {
        int length = 3 + (int) draws.below(2);
        int offset = (int) draws.below(POOL - 8);
        url.append(new String(poolB, offset, length, StandardCharsets.US_ASCII)).append('/');
      }
      url.append("item.htm?query=1");
      if (c >= 4 && draws.below(10) > 0) {
        url.append("&channel_id=").append(((c - 4) * 2654435761L) & 0x7fffffff);
      }
      made.add(url.toString());
    }
    return made;
  }

  private static final class Sequence {
    private long state;

    Sequence(long start) {
      state = start;
    }

    long below(long bound) {
      state += Draws.GAMMA;
      return Draws.below(Draws.mix(state), bound);
    }
  }
}
