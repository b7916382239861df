import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Build step: applies `src/main/codegen/edits.txt` to Calcite's unpacked Parser.jj. Every edit that does not find its anchor fails the build,
/// and so does a production of the template that the list does not mention: a new Calcite is looked at, never taken blindly.
///
/// Run as `java EditTemplate.java TEMPLATE EDITS OUTPUT`.
public class EditTemplate {
  private static final Pattern HEADER =
      Pattern.compile("^(?:JAVACODE\\s+)?(?:protected\\s+)?[A-Z][\\w<>., ]*?\\s+(\\w+)\\(.*|^(?:JAVACODE\\s+)?(?:void|boolean|int)\\s+(\\w+)\\(.*");

  private record Text(String name, String before, String after) {}

  private final Map<String, String> drops = new LinkedHashMap<>();
  private final Map<String, String> keeps = new LinkedHashMap<>();
  private final List<Text> texts = new ArrayList<>();

  public static void main(String[] args) throws IOException {
    Path output = Path.of(args[2]);
    EditTemplate edits = new EditTemplate();
    edits.read(Files.readAllLines(Path.of(args[1])));
    String edited = edits.apply(Files.readString(Path.of(args[0])));
    Files.createDirectories(output.getParent());
    if (!Files.exists(output) || !Files.readString(output).equals(edited)) {
      Files.writeString(output, edited);
    }
  }

  private void read(List<String> lines) {
    String section = "";
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (line.startsWith("text ")) {
        int middle = indexOf(lines, "====", i);
        int end = indexOf(lines, "end", middle);
        texts.add(new Text(line.substring(5), join(lines, i + 1, middle), join(lines, middle + 1, end)));
        i = end;
      } else if (line.startsWith("drop ") || line.startsWith("keep ")) {
        section = line;
      } else {
        for (String name : line.trim().split("\\s+")) {
          if ((section.startsWith("drop ") ? drops : keeps).put(name, section) != null) {
            fail(section + ": " + name + " is listed twice");
          }
        }
      }
    }
  }

  private String apply(String template) {
    String body = template;
    for (Text edit : texts) {
      int at = body.indexOf(edit.before());
      if (at < 0 || body.indexOf(edit.before(), at + 1) >= 0) {
        fail("text " + edit.name() + ": its anchor must stand exactly once in the template");
      }
      body = body.replace(edit.before(), edit.after());
    }
    int start = body.indexOf("\n", body.indexOf("PARSER_END(")) + 1;
    return body.substring(0, start) + withoutDropped(body.substring(start).split("\n", -1));
  }

  private String withoutDropped(String[] lines) {
    List<String> out = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    for (int i = 0; i < lines.length; i++) {
      Matcher header = HEADER.matcher(lines[i]);
      if (!header.matches()) {
        out.add(lines[i]);
        continue;
      }
      String name = header.group(1) != null ? header.group(1) : header.group(2);
      int end = endOf(lines, i);
      seen.merge(name, 1, Integer::sum);
      if (drops.containsKey(name)) {
        dropCommentBefore(out);
      } else if (keeps.containsKey(name)) {
        out.addAll(List.of(lines).subList(i, end + 1));
      } else {
        fail("the template's production " + name + " is neither kept nor dropped");
      }
      i = end;
    }
    TreeSet<String> missing = new TreeSet<>(drops.keySet());
    missing.addAll(keeps.keySet());
    missing.removeAll(seen.keySet());
    if (!missing.isEmpty()) {
      fail("the template has no production " + missing);
    }
    return String.join("\n", out);
  }

  /// The last line of a production: the one that closes its second block (its only block after JAVACODE) at column 0.
  private static int endOf(String[] lines, int start) {
    boolean isJava = lines[start].startsWith("JAVACODE") || lines[start - 1].equals("JAVACODE");
    int open = isJava ? 1 : 2;
    for (int i = start; i < lines.length; i++) {
      boolean closes = lines[i].equals("}") || lines[i].equals("{}") || i == start && lines[i].endsWith("{}");
      if (closes && --open == 0) {
        return i;
      }
    }
    throw new IllegalStateException("no end of the production at line " + start);
  }

  private static void dropCommentBefore(List<String> out) {
    if (out.getLast().equals("JAVACODE")) {
      out.removeLast();
    }
    int last = out.size() - 1;
    if (!out.get(last).endsWith("*/")) {
      return;
    }
    while (!out.get(last).startsWith("/*")) {
      out.remove(last--);
    }
    out.remove(last);
  }

  private static int indexOf(List<String> lines, String line, int from) {
    for (int i = from; i < lines.size(); i++) {
      if (lines.get(i).equals(line)) {
        return i;
      }
    }
    throw new IllegalStateException("no '" + line + "' after line " + from);
  }

  private static String join(List<String> lines, int from, int to) {
    return String.join("\n", lines.subList(from, to)) + "\n";
  }

  private static void fail(String message) {
    throw new IllegalStateException("edits.txt: " + message);
  }
}
