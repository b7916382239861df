package dev.aevum.executor.function;

import static dev.aevum.executor.function.FunctionDefinitions.ANY;
import static dev.aevum.executor.function.FunctionDefinitions.exact;

import dev.aevum.executor.function.FunctionDefinitions.Definition;
import dev.aevum.executor.kernel.Kernel;
import dev.aevum.model.batch.Column;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Texts: lengths, pieces, joining, searching. PostgreSQL 17, chapter 9.4.
final class StringFunctions {
  private static final SimpleType TEXT = SimpleType.TEXT;
  private static final SimpleType INTEGER = SimpleType.INTEGER;

  private StringFunctions() {}

  static void define(FunctionDefinitions f) {
    lengths(f);
    concatenation(f);
    pieces(f);
    trims(f);
    searching(f);
    changes(f);
  }

  private static Definition text(FunctionDefinitions f, String name, SqlType... types) {
    return f.define(name).takes(types).returns(TEXT);
  }

  private static void lengths(FunctionDefinitions f) {
    for (String name : List.of("length", "char_length", "character_length")) {
      f.define(name)
          .takes(TEXT)
          .returns(INTEGER)
          .describe("Number of characters.")
          .example(name + "('Zürich') -> 6")
          .runs((types, result) -> TextKernels.characters(types.get(0)));
    }
    for (SimpleType type : List.of(TEXT, SimpleType.BYTEA)) {
      f.define("octet_length")
          .takes(type)
          .returns(INTEGER)
          .describe("Number of bytes.")
          .example(
              type == TEXT ? "octet_length('Zürich') -> 7" : "octet_length('\\x0102'::bytea) -> 2")
          .runs(TextKernels.bytes());
    }
    f.define("bit_length")
        .takes(TEXT)
        .returns(INTEGER)
        .describe("Number of bits.")
        .example("bit_length('ab') -> 16")
        .runs(RowKernels.ints((c, a, i) -> 8L * a[0].lengthAt(i)));
    f.define("length")
        .takes(SimpleType.BYTEA)
        .returns(INTEGER)
        .describe("Number of bytes.")
        .example("length('\\x0102'::bytea) -> 2")
        .runs(TextKernels.bytes());
  }

  private static void concatenation(FunctionDefinitions f) {
    text(f, "||", TEXT, TEXT)
        .describe("The two texts, one after the other.")
        .example("'ab' || 'cd' -> abcd")
        .runs((types, result) -> TextKernels.concatenate(types.get(0), types.get(1)));
    f.define("||")
        .takes(SimpleType.BYTEA, SimpleType.BYTEA)
        .returns(SimpleType.BYTEA)
        .describe("The two byte strings, one after the other.")
        .example("'\\x01'::bytea || '\\x02'::bytea -> \\x0102")
        .runs((types, result) -> {
          Kernel texts = TextKernels.concatenate(types.get(0), types.get(1));
          return (context, arguments, rows) -> {
            try (Column joined = texts.evaluate(context, arguments, rows)) {
              return joined.as(SimpleType.BYTEA);
            }
          };
        });
    f.define("||")
        .takes(ANY, exact(TEXT))
        .returns(TEXT)
        .describe("The text of the left value, then the right text.")
        .example("1 || 'a' -> 1a")
        .runs((types, result) -> MixedConcatenation.kernel(types));
    f.define("||")
        .takes(exact(TEXT), ANY)
        .returns(TEXT)
        .describe("The left text, then the text of the right value.")
        .example("'a' || 1 -> a1")
        .runs((types, result) -> MixedConcatenation.kernel(types));
    f.define("concat")
        .takes(ANY)
        .variadic()
        .returns(TEXT)
        .lenient()
        .stable()
        .describe("The texts of all arguments, one after the other; NULLs count as empty.")
        .example("concat('a', 1, NULL, true) -> a1t")
        .runs((types, result) -> MixedConcatenation.concat());
    f.define("concat_ws")
        .takes(exact(TEXT), ANY)
        .variadic()
        .returns(TEXT)
        .lenient()
        .stable()
        .describe("The texts of the non-NULL arguments after the first, separated by the first.")
        .example("concat_ws(',', 'a', NULL, 2) -> a,2")
        .runs((types, result) -> MixedConcatenation.concatWithSeparator());
  }

  private static void pieces(FunctionDefinitions f) {
    for (String name : List.of("substring", "substr")) {
      text(f, name, TEXT, INTEGER)
          .describe("The text from a character on, counted from 1.")
          .example(name + "('Zürich', 3) -> rich")
          .runs(TextKernels.pieces((t, o, n, a, i) -> substring(t, o, n, a[1].intAt(i), -1)));
      text(f, name, TEXT, INTEGER, INTEGER)
          .mayFail()
          .describe("So many characters from a character on, counted from 1.")
          .example(name + "('Zürich', 2, 3) -> üri")
          .runs(
              TextKernels.pieces((t, o, n, a, i) ->
                  substring(t, o, n, a[1].intAt(i), checkLength(a[2].intAt(i)))));
    }
    text(f, "left", TEXT, INTEGER)
        .describe("The first n characters, or all but the last -n.")
        .example("left('abcde', -2) -> abc")
        .runs(TextKernels.pieces((t, o, n, a, i) -> left(t, o, n, a[1].intAt(i))));
    text(f, "right", TEXT, INTEGER)
        .describe("The last n characters, or all but the first -n.")
        .example("right('abcde', 2) -> de")
        .runs(TextKernels.pieces((t, o, n, a, i) -> right(t, o, n, a[1].intAt(i))));
    text(f, "split_part", TEXT, TEXT, INTEGER)
        .mayFail()
        .describe(
            "The n-th field of a text split at a separator, from 1; from the end when negative.")
        .example("split_part('a,b,c', ',', 2) -> b")
        .runs(TextKernels.pieces(SplitPart::of));
  }

  private static int checkLength(int length) {
    if (length < 0) {
      throw new SqlException(ErrorCode.SUBSTRING_ERROR, "negative substring length not allowed");
    }
    return length;
  }

  /// Characters `from` (1-based, may lie before the text) to `from + count`; `count` -1: to the
  /// end.
  private static long substring(MemorySegment text, long offset, int length, int from, int count) {
    int start = Texts.byteIndex(text, offset, length, (int) Math.max(0L, from - 1L));
    if (count < 0) {
      return TextKernels.piece(start, length - start);
    }
    long end = (long) from - 1 + count;
    if (end <= 0) {
      return TextKernels.piece(0, 0);
    }
    long first = Math.max(0L, (long) from - 1);
    int characters = (int) Math.min(Integer.MAX_VALUE, end - first);
    int kept = Texts.byteIndex(text, offset + start, length - start, characters);
    return TextKernels.piece(start, kept);
  }

  private static long left(MemorySegment text, long offset, int length, int count) {
    int characters =
        count >= 0 ? count : Math.max(0, Texts.characters(text, offset, length) + count);
    return TextKernels.piece(0, Texts.byteIndex(text, offset, length, characters));
  }

  /// The least integer has no positive one: PostgreSQL leaves nothing out then.
  private static long right(MemorySegment text, long offset, int length, int count) {
    int characters = Texts.characters(text, offset, length);
    long skip = count >= 0 ? Math.max(0L, (long) characters - count) : Math.max(0, -count);
    int start = Texts.byteIndex(text, offset, length, (int) Math.min(skip, Integer.MAX_VALUE));
    return TextKernels.piece(start, length - start);
  }

  private static void trims(FunctionDefinitions f) {
    trim(f, "btrim", true, true, "btrim('xxabxx', 'x') -> ab", "btrim('  ab ') -> ab");
    trim(f, "trim", true, true, "trim('xxabxx', 'x') -> ab", "trim('  ab ') -> ab");
    trim(f, "ltrim", true, false, "ltrim('xxabxx', 'x') -> abxx", "ltrim('  ab') -> ab");
    trim(f, "rtrim", false, true, "rtrim('xxabxx', 'x') -> xxab", "rtrim('ab  ') -> ab");
  }

  private static void trim(
      FunctionDefinitions f, String name, boolean start, boolean end, String two, String one) {
    text(f, name, TEXT)
        .describe("The text without blanks at its " + ends(start, end) + ".")
        .example(one)
        .runs(TextKernels.pieces((t, o, n, a, i) -> Trim.blanks(t, o, n, start, end)));
    text(f, name, TEXT, TEXT)
        .describe("The text without any of the given characters at its " + ends(start, end) + ".")
        .example(two)
        .runs(TextKernels.pieces((t, o, n, a, i) -> Trim.characters(t, o, n, a[1], i, start, end)));
  }

  private static String ends(boolean start, boolean end) {
    return start && end ? "ends" : start ? "start" : "end";
  }

  private static void searching(FunctionDefinitions f) {
    for (String name : List.of("position", "strpos")) {
      f.define(name)
          .takes(TEXT, TEXT)
          .returns(INTEGER)
          .describe(
              "The character, from 1, where the second text begins in the first; 0 if nowhere.")
          .example(name + "('Zürich', 'rich') -> 3")
          .runs(TextKernels.position());
    }
    f.define("starts_with")
        .takes(TEXT, TEXT)
        .returns(SimpleType.BOOLEAN)
        .describe("Whether the first text begins with the second.")
        .example("starts_with('abc', 'ab') -> t")
        .runs(RowKernels.booleans((c, a, i) -> startsWith(a[0], a[1], i)));
    f.define("^@")
        .takes(TEXT, TEXT)
        .returns(SimpleType.BOOLEAN)
        .describe("Whether the first text begins with the second.")
        .example("'abc' ^@ 'ab' -> t")
        .runs(RowKernels.booleans((c, a, i) -> startsWith(a[0], a[1], i)));
  }

  private static boolean startsWith(Column text, Column start, int row) {
    int length = start.lengthAt(row);
    return text.lengthAt(row) >= length
        && Texts.compare(
                text.segmentAt(row),
                text.offsetAt(row),
                length,
                start.segmentAt(row),
                start.offsetAt(row),
                length)
            == 0;
  }

  private static void changes(FunctionDefinitions f) {
    text(f, "lower", TEXT)
        .describe("All letters in lower case.")
        .example("lower('ABC') -> abc")
        .runs(TextKernels.changeCase(false));
    text(f, "upper", TEXT)
        .describe("All letters in upper case.")
        .example("upper('abc') -> ABC")
        .runs(TextKernels.changeCase(true));
    text(f, "replace", TEXT, TEXT, TEXT)
        .describe("The text with every occurrence of the second replaced by the third.")
        .example("replace('abcab', 'ab', 'x') -> xcx")
        .runs(TextKernels.replace());
    text(f, "initcap", TEXT)
        .describe("The first letter of each word in upper case, the others in lower case.")
        .example("initcap('hi THOMAS') -> Hi Thomas")
        .runs(RowKernels.text((c, a, i) -> Strings.initcap(a[0].textAt(i))));
    text(f, "reverse", TEXT)
        .describe("The characters in reverse order.")
        .example("reverse('abc') -> cba")
        .runs(RowKernels.text((c, a, i) -> Strings.reverse(a[0].textAt(i))));
    text(f, "repeat", TEXT, INTEGER)
        .mayFail()
        .describe("The text so many times.")
        .example("repeat('ab', 3) -> ababab")
        .runs(RowKernels.text((c, a, i) -> Strings.repeat(a[0].textAt(i), a[1].intAt(i))));
    text(f, "translate", TEXT, TEXT, TEXT)
        .describe(
            "Each character of the second text replaced by the one at its place in the third.")
        .example("translate('12345', '143', 'ax') -> a2x5")
        .runs(
            RowKernels.text(
                (c, a, i) -> Strings.translate(a[0].textAt(i), a[1].textAt(i), a[2].textAt(i))));
    pads(f);
    overlays(f);
    codes(f);
  }

  private static void pads(FunctionDefinitions f) {
    for (boolean left : new boolean[] {true, false}) {
      String name = left ? "lpad" : "rpad";
      text(f, name, TEXT, INTEGER)
          .mayFail()
          .describe("The text brought to a length with blanks, or cut.")
          .example(left ? "lpad('ab', 4) ->   ab" : "rpad('abcd', 2) -> ab")
          .runs(
              RowKernels.text((c, a, i) -> Strings.pad(a[0].textAt(i), a[1].intAt(i), " ", left)));
      text(f, name, TEXT, INTEGER, TEXT)
          .mayFail()
          .describe("The text brought to a length with a filling text, or cut.")
          .example(left ? "lpad('hi', 5, 'xy') -> xyxhi" : "rpad('hi', 5, 'xy') -> hixyx")
          .runs(
              RowKernels.text(
                  (c, a, i) -> Strings.pad(a[0].textAt(i), a[1].intAt(i), a[2].textAt(i), left)));
    }
  }

  private static void overlays(FunctionDefinitions f) {
    text(f, "overlay", TEXT, TEXT, INTEGER)
        .mayFail()
        .describe("The first text with the second written over it from a character on.")
        .example("overlay('abcdef', 'XX', 3) -> abXXef")
        .runs(
            RowKernels.text((c, a, i) -> {
              String with = a[1].textAt(i);
              int count = with.codePointCount(0, with.length());
              return Strings.overlay(a[0].textAt(i), with, a[2].intAt(i), count);
            }));
    text(f, "overlay", TEXT, TEXT, INTEGER, INTEGER)
        .mayFail()
        .describe("The first text with so many characters from one on replaced by the second.")
        .example("overlay('Txxxxas', 'hom', 2, 4) -> Thomas")
        .runs(
            RowKernels.text((c, a, i) ->
                Strings.overlay(a[0].textAt(i), a[1].textAt(i), a[2].intAt(i), a[3].intAt(i))));
  }

  private static void codes(FunctionDefinitions f) {
    f.define("ascii")
        .takes(TEXT)
        .returns(INTEGER)
        .describe("Unicode code point of the first character; 0 for the empty text.")
        .example("ascii('x') -> 120")
        .runs(
            RowKernels.ints(
                (c, a, i) -> a[0].lengthAt(i) == 0 ? 0 : a[0].textAt(i).codePointAt(0)));
    text(f, "chr", INTEGER)
        .mayFail()
        .describe("The character of a Unicode code point.")
        .example("chr(65) -> A")
        .runs(RowKernels.text((c, a, i) -> Strings.chr(a[0].intAt(i))));
    for (SimpleType type : List.of(INTEGER, SimpleType.BIGINT)) {
      text(f, "to_hex", type)
          .describe("The number's bits in hexadecimal.")
          .example("to_hex(255) -> ff")
          .runs(
              RowKernels.text((c, a, i) ->
                  type == INTEGER
                      ? Integer.toHexString(a[0].intAt(i))
                      : Long.toHexString(a[0].longAt(i))));
    }
  }
}
