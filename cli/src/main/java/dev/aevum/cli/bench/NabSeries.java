package dev.aevum.cli.bench;

import dev.aevum.cli.bench.NabScorer.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Labelled series as they lie in a folder: `data/*/*.csv` (timestamp,value) and `labels.json`.
///
/// @param lines of each series, `timestamp,value`, by name
/// @param series with their windows, in the order of names
record NabSeries(Map<String, List<String>> lines, List<Series> series) {
  private static final Pattern LABELS =
      Pattern.compile("\"([\\w ]+/[^\"]+\\.csv)\"\\s*:\\s*\\{(.*?)\\}", Pattern.DOTALL);
  private static final Pattern TIME =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d:\\d\\d");

  static NabSeries load(Path folder) throws IOException {
    Matcher labels = LABELS.matcher(Files.readString(folder.resolve("labels.json")));
    TreeMap<String, List<String>> windows = new TreeMap<>();
    while (labels.find()) {
      String body = labels.group(2);
      int from = body.indexOf("\"windows\"");
      int to = body.indexOf("\"points\"");
      Matcher times = TIME.matcher(to > from ? body.substring(from, to) : body.substring(from));
      windows.put(labels.group(1), times.results().map(r -> r.group().replace('T', ' ')).toList());
    }
    Map<String, List<String>> rows = new TreeMap<>();
    List<Series> series = new ArrayList<>();
    for (Map.Entry<String, List<String>> entry : windows.entrySet()) {
      List<String> lines = new ArrayList<>();
      Map<String, Integer> place = new HashMap<>();
      try (Stream<String> all = Files.lines(folder.resolve("data").resolve(entry.getKey()))) {
        all.skip(1).filter(l -> !l.isBlank()).forEach(lines::add);
      }
      for (int i = 0; i < lines.size(); i++) {
        place.putIfAbsent(lines.get(i).substring(0, 19), i);
      }
      List<int[]> spans = new ArrayList<>();
      List<String> times = entry.getValue();
      for (int i = 0; i + 1 < times.size(); i += 2) {
        spans.add(new int[] {place.get(times.get(i)), place.get(times.get(i + 1))});
      }
      rows.put(entry.getKey(), lines);
      series.add(new Series(entry.getKey(), lines.size(), spans));
    }
    return new NabSeries(rows, series);
  }

  /// All series in one new file, by time: `series,place,ts,value`.
  Path merge() throws IOException {
    record Row(String time, String line) {}
    List<Row> all = new ArrayList<>();
    lines.forEach((name, own) -> {
      for (int i = 0; i < own.size(); i++) {
        String line = own.get(i);
        all.add(new Row(line.substring(0, 19), name + "," + i + "," + line));
      }
    });
    all.sort(Comparator.comparing(Row::time));
    Path merged = Files.createTempFile("series", ".csv");
    Files.write(
        merged,
        Stream.concat(Stream.of("series,place,ts,value"), all.stream().map(Row::line)).toList());
    return merged;
  }
}
