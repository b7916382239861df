package dev.aevum.executor.function;

import dev.aevum.executor.function.FunctionDefinitions.Definition;
import dev.aevum.executor.kernel.Kernel;
import dev.aevum.model.batch.Column;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// LIKE, SIMILAR TO and regular expressions. LIKE is a byte matcher; regular expressions make
/// objects per row.
final class PatternFunctions {
  static final ArrayType TEXTS = new ArrayType(SimpleType.TEXT);

  private static final SimpleType TEXT = SimpleType.TEXT;
  private static final SimpleType INTEGER = SimpleType.INTEGER;

  private PatternFunctions() {}

  static void define(FunctionDefinitions f) {
    like(f, "~~", false, false, "'abc' ~~ 'a%' -> t");
    like(f, "!~~", false, true, "'abc' !~~ 'a%' -> f");
    like(f, "~~*", true, false, "'ABC' ~~* 'a_c' -> t");
    like(f, "!~~*", true, true, "'ABC' !~~* 'a_c' -> f");
    text(f, "like_escape", TEXT, TEXT)
        .mayFail()
        .describe("A LIKE pattern with another escape character, in the form with backslashes.")
        .example("like_escape('a#%', '#') -> a\\%")
        .runs(RowKernels.text((c, a, i) -> Regex.like(a[0].textAt(i), a[1].textAt(i))));
    text(f, "similar_to_escape", TEXT)
        .mayFail()
        .describe("The regular expression of a SIMILAR TO pattern.")
        .example("similar_to_escape('a%') -> ^(?:a.*)$")
        .runs(RowKernels.text((c, a, i) -> Regex.similar(a[0].textAt(i), "\\")));
    text(f, "similar_to_escape", TEXT, TEXT)
        .mayFail()
        .describe("The regular expression of a SIMILAR TO pattern with an escape character.")
        .example("similar_to_escape('a#%', '#') -> ^(?:a\\%)$")
        .runs(RowKernels.text((c, a, i) -> Regex.similar(a[0].textAt(i), a[1].textAt(i))));
    match(f, "~", "", false, "'abc' ~ '^a.c$' -> t");
    match(f, "~*", "i", false, "'ABC' ~* 'b' -> t");
    match(f, "!~", "", true, "'abc' !~ 'b' -> f");
    match(f, "!~*", "i", true, "'ABC' !~* 'x' -> t");
    replaces(f);
    searches(f);
    arrays(f);
  }

  private static Definition text(FunctionDefinitions f, String name, SqlType... types) {
    return f.define(name).takes(types).returns(TEXT);
  }

  private static void like(
      FunctionDefinitions f, String name, boolean ignoreCase, boolean negated, String example) {
    f.define(name)
        .takes(TEXT, TEXT)
        .returns(SimpleType.BOOLEAN)
        .mayFail()
        .describe(
            "Whether a text "
                + (negated ? "does not match" : "matches")
                + " a LIKE pattern"
                + (ignoreCase ? ", whatever the case of letters." : "."))
        .example(example)
        .runs((types, result) -> PatternKernels.like(ignoreCase, negated));
  }

  private static void match(
      FunctionDefinitions f, String name, String flags, boolean negated, String example) {
    f.define(name)
        .takes(TEXT, TEXT)
        .returns(SimpleType.BOOLEAN)
        .mayFail()
        .describe(
            "Whether a text "
                + (negated ? "does not contain" : "contains")
                + " a match of a regular expression"
                + (flags.isEmpty() ? "." : ", whatever the case of letters."))
        .example(example)
        .runs((types, result) -> {
          Regex regex = new Regex();
          return RowKernels.booleans((c, a, i) -> matcher(regex, a, i, flags).find() != negated);
        });
    if (!negated && flags.isEmpty()) {
      f.define("regexp_like")
          .takes(TEXT, TEXT)
          .returns(SimpleType.BOOLEAN)
          .mayFail()
          .describe("Whether a text contains a match of a regular expression.")
          .example("regexp_like('abc', 'b') -> t")
          .runs((types, result) -> {
            Regex regex = new Regex();
            return RowKernels.booleans((c, a, i) -> matcher(regex, a, i, "").find());
          });
      f.define("regexp_like")
          .takes(TEXT, TEXT, TEXT)
          .returns(SimpleType.BOOLEAN)
          .mayFail()
          .describe("Whether a text contains a match of a regular expression, with flags.")
          .example("regexp_like('ABC', 'b', 'i') -> t")
          .runs((types, result) -> {
            Regex regex = new Regex();
            return RowKernels.booleans((c, a, i) -> matcher(regex, a, i, a[2].textAt(i)).find());
          });
    }
  }

  private static Matcher matcher(Regex regex, Column[] arguments, int row, String flags) {
    return regex.compile(arguments[1].textAt(row), flags).matcher(arguments[0].textAt(row));
  }

  private static void replaces(FunctionDefinitions f) {
    text(f, "regexp_replace", TEXT, TEXT, TEXT)
        .mayFail()
        .describe("The text with the first match of a regular expression replaced.")
        .example("regexp_replace('Thomas', '.[mN]a.', 'M') -> ThM")
        .runs((types, result) -> {
          Regex regex = new Regex();
          return RowKernels.text((c, a, i) -> replace(regex, a, i, ""));
        });
    text(f, "regexp_replace", TEXT, TEXT, TEXT, TEXT)
        .mayFail()
        .describe("The text with matches of a regular expression replaced; flag g: all of them.")
        .example("regexp_replace('foobarbaz', 'b(..)', 'X\\1Y', 'g') -> fooXarYXazY")
        .runs((types, result) -> {
          Regex regex = new Regex();
          return RowKernels.text((c, a, i) -> replace(regex, a, i, a[3].textAt(i)));
        });
  }

  private static String replace(Regex regex, Column[] a, int i, String flags) {
    if (!flags.isEmpty() && Character.isDigit(flags.charAt(0))) {
      throw new SqlException(
              ErrorCode.INVALID_PARAMETER_VALUE,
              "invalid regular expression option: \"" + flags.charAt(0) + "\"")
          .withHint(
              "If you meant to use regexp_replace() with a start parameter, cast the fourth argument to integer explicitly.");
    }
    Matcher matcher = matcher(regex, a, i, flags);
    String replacement = Regex.replacement(a[2].textAt(i));
    try {
      return flags.indexOf('g') >= 0
          ? matcher.replaceAll(replacement)
          : matcher.replaceFirst(replacement);
    } catch (IndexOutOfBoundsException e) {
      // A reference to a group that the expression does not have is empty in PostgreSQL.
      String known = dropUnknownGroups(replacement, matcher.groupCount());
      return flags.indexOf('g') >= 0 ? matcher.replaceAll(known) : matcher.replaceFirst(known);
    }
  }

  private static String dropUnknownGroups(String replacement, int groups) {
    String known = replacement;
    for (int g = groups + 1; g <= 9; g++) {
      known = known.replaceAll("(?<!\\\\)\\$" + g, "");
    }
    return known;
  }

  private static void searches(FunctionDefinitions f) {
    text(f, "substring", TEXT, TEXT)
        .mayFail()
        .describe("What the regular expression matches first, or its first group.")
        .example("substring('foobar', 'o(.)b') -> o")
        .runs((types, result) -> {
          Regex regex = new Regex();
          return RowKernels.text((c, a, i) -> {
            Matcher m = matcher(regex, a, i, "");
            return m.find() ? m.group(m.groupCount() > 0 ? 1 : 0) : null;
          });
        });
    text(f, "regexp_substr", TEXT, TEXT)
        .mayFail()
        .describe("What the regular expression matches first.")
        .example("regexp_substr('abcdef', 'c.') -> cd")
        .runs((types, result) -> substr(false));
    text(f, "regexp_substr", TEXT, TEXT, INTEGER)
        .mayFail()
        .describe("What the regular expression matches first from a character on.")
        .example("regexp_substr('abcabd', 'ab.', 2) -> abd")
        .runs((types, result) -> substr(true));
    f.define("regexp_count")
        .takes(TEXT, TEXT)
        .returns(INTEGER)
        .mayFail()
        .describe("How often a regular expression matches.")
        .example("regexp_count('abcabc', 'b') -> 2")
        .runs((types, result) -> {
          Regex regex = new Regex();
          return RowKernels.ints((c, a, i) -> count(matcher(regex, a, i, ""), a[0].textAt(i)));
        });
    f.define("regexp_instr")
        .takes(TEXT, TEXT)
        .returns(INTEGER)
        .mayFail()
        .describe("The character, from 1, where a regular expression first matches; 0 if nowhere.")
        .example("regexp_instr('abcabc', 'c.') -> 3")
        .runs((types, result) -> {
          Regex regex = new Regex();
          return RowKernels.ints((c, a, i) -> {
            String text = a[0].textAt(i);
            Matcher m = matcher(regex, a, i, "");
            return m.find() ? text.codePointCount(0, m.start()) + 1 : 0;
          });
        });
  }

  private static Kernel substr(boolean withStart) {
    Regex regex = new Regex();
    return RowKernels.text((c, a, i) -> {
      String text = a[0].textAt(i);
      int start = withStart ? a[2].intAt(i) : 1;
      if (start < 1) {
        throw new SqlException(
            ErrorCode.INVALID_PARAMETER_VALUE, "invalid value for parameter \"start\": " + start);
      }
      if (start - 1 > text.codePointCount(0, text.length())) {
        return null;
      }
      Matcher m = matcher(regex, a, i, "");
      return m.find(text.offsetByCodePoints(0, start - 1)) ? m.group() : null;
    });
  }

  private static void arrays(FunctionDefinitions f) {
    f.define("regexp_match")
        .takes(TEXT, TEXT)
        .returns(TEXTS)
        .mayFail()
        .describe("The groups of the first match of a regular expression, or the match itself.")
        .example("regexp_match('foobarbequebaz', '(bar)(beque)') -> {bar,beque}")
        .runs((types, result) -> regexpMatch(false));
    f.define("regexp_match")
        .takes(TEXT, TEXT, TEXT)
        .returns(TEXTS)
        .mayFail()
        .describe("The groups of the first match of a regular expression, with flags.")
        .example("regexp_match('FOO', 'o+', 'i') -> {OO}")
        .runs((types, result) -> regexpMatch(true));
    f.define("regexp_split_to_array")
        .takes(TEXT, TEXT)
        .returns(TEXTS)
        .mayFail()
        .describe("The pieces of a text between matches of a regular expression.")
        .example("regexp_split_to_array('a1b22c', '[0-9]+') -> {a,b,c}")
        .runs((types, result) -> {
          Regex regex = new Regex();
          Lists lists = new Lists(TEXTS);
          return lists.kernel((c, a, i) -> split(regex, a, i));
        });
  }

  private static Kernel regexpMatch(boolean flags) {
    Regex regex = new Regex();
    Lists lists = new Lists(TEXTS);
    return lists.kernel((c, a, i) -> {
      Matcher m = matcher(regex, a, i, flags ? a[2].textAt(i) : "");
      return m.find() ? groups(m) : null;
    });
  }

  static List<@Nullable Object> groups(Matcher m) {
    List<@Nullable Object> groups = new ArrayList<>();
    for (int g = m.groupCount() == 0 ? 0 : 1; g <= m.groupCount(); g++) {
      groups.add(m.group(g));
    }
    return groups;
  }

  /// The next match; an empty one inside of a character of two Java chars is none.
  private static boolean next(Matcher m, String text) {
    while (m.find()) {
      int at = m.start();
      boolean inside = at > 0 && at < text.length() && Character.isLowSurrogate(text.charAt(at));
      if (!inside || m.end() > at) {
        return true;
      }
    }
    return false;
  }

  private static int count(Matcher m, String text) {
    int count = 0;
    while (next(m, text)) {
      count++;
    }
    return count;
  }

  private static List<@Nullable Object> split(Regex regex, Column[] a, int i) {
    Pattern pattern = regex.compile(a[1].textAt(i), "");
    List<@Nullable Object> pieces = new ArrayList<>();
    String text = a[0].textAt(i);
    Matcher m = pattern.matcher(text);
    int from = 0;
    while (next(m, text)) {
      if (m.end() == m.start() && (m.start() == 0 || m.start() == text.length())) {
        continue;
      }
      pieces.add(text.substring(from, m.start()));
      from = m.end();
    }
    pieces.add(text.substring(from));
    return pieces;
  }
}
