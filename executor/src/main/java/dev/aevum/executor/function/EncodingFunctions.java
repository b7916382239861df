package dev.aevum.executor.function;

import dev.aevum.executor.function.FunctionDefinitions.Definition;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Quoting, `format`, hashes, and bytes as text.
final class EncodingFunctions {
  private static final SimpleType TEXT = SimpleType.TEXT;
  private static final SimpleType BYTEA = SimpleType.BYTEA;

  private EncodingFunctions() {}

  static void define(FunctionDefinitions f) {
    quotes(f);
    formats(f);
    hashes(f);
    bytes(f);
    cuts(f);
  }

  private static Definition text(FunctionDefinitions f, String name, SqlType... types) {
    return f.define(name).takes(types).returns(TEXT);
  }

  private static void quotes(FunctionDefinitions f) {
    text(f, "quote_ident", TEXT)
        .describe("The name as SQL takes it, quoted where needed.")
        .example("quote_ident('Foo bar') -> \"Foo bar\"")
        .runs(RowKernels.text((c, a, i) -> Strings.quoteIdent(a[0].textAt(i))));
    text(f, "quote_literal", TEXT)
        .describe("The text as a SQL literal.")
        .example("quote_literal('O''Reilly') -> 'O''Reilly'")
        .runs(RowKernels.text((c, a, i) -> Strings.quoteLiteral(a[0].textAt(i)).strip()));
    text(f, "quote_nullable", TEXT)
        .lenient()
        .describe("The text as a SQL literal, NULL as the word.")
        .example("quote_nullable(NULL) || '' -> NULL")
        .runs(
            RowKernels.lenientText((c, a, i) ->
                a[0].isNull(i) ? "NULL" : Strings.quoteLiteral(a[0].textAt(i)).strip()));
  }

  private static void formats(FunctionDefinitions f) {
    f.define("format")
        .takes(FunctionDefinitions.exact(TEXT))
        .returns(TEXT)
        .mayFail()
        .describe("The text with %% as %.")
        .example("format('100%%') -> 100%")
        .runs(RowKernels.text((c, a, i) -> TextFormat.format(c, a, i)));
    f.define("format")
        .takes(FunctionDefinitions.exact(TEXT), FunctionDefinitions.ANY)
        .variadic()
        .returns(TEXT)
        .lenient()
        .stable()
        .mayFail()
        .describe(
            "The text with %s, %I and %L replaced by arguments, as they are, as names, as literals.")
        .example("format('%s %I %2$L', 'a', 'B c') -> a \"B c\" 'B c'")
        .runs(
            RowKernels.lenientText(
                (c, a, i) -> a[0].isNull(i) ? null : TextFormat.format(c, a, i)));
    f.define("to_char")
        .takes(FunctionDefinitions.ANY_NUMERIC, FunctionDefinitions.exact(TEXT))
        .returns(TEXT)
        .mayFail()
        .describe("The number by a format of digits 9 and 0.")
        .example("to_char(-1234.5, 'FM999,999.00') -> -1,234.50")
        .runs(
            RowKernels.text((c, a, i) ->
                NumberFormat.format(
                    dev.aevum.executor.numeric.NumericColumns.read(a[0], i), a[1].textAt(i))));
    for (SimpleType type : List.of(SimpleType.REAL, SimpleType.DOUBLE)) {
      text(f, "to_char", type, TEXT)
          .mayFail()
          .describe("The number by a format of digits 9 and 0.")
          .example("to_char(0.5::double precision, 'FM0.00') -> 0.50")
          .runs(
              RowKernels.text((c, a, i) ->
                  NumberFormat.format(
                      dev.aevum.executor.numeric.NumericColumns.read(a[0], i), a[1].textAt(i))));
    }
  }

  private static void hashes(FunctionDefinitions f) {
    for (SimpleType type : List.of(TEXT, BYTEA)) {
      text(f, "md5", type)
          .describe("MD5 of the bytes, in hexadecimal.")
          .example("md5('abc') -> 900150983cd24fb0d6963f7d28e17f72")
          .runs(
              RowKernels.text(
                  (c, a, i) -> HexFormat.of().formatHex(digest("MD5", a[0].bytesAt(i)))));
    }
    for (String name : List.of("sha224", "sha256", "sha384", "sha512")) {
      f.define(name)
          .takes(BYTEA)
          .returns(BYTEA)
          .describe("SHA-2 of the bytes.")
          .example(
              "length(" + name + "('abc'::bytea)) -> " + Integer.parseInt(name.substring(3)) / 8)
          .runs(
              RowKernels.strict(
                  BYTEA,
                  (c, a, i, out) -> {
                    byte[] hash = digest("SHA-" + name.substring(3), a[0].bytesAt(i));
                    out.appendBytes(hash, 0, hash.length);
                  }));
    }
  }

  private static void cuts(FunctionDefinitions f) {
    for (String name : List.of("substring", "substr")) {
      f.define(name)
          .takes(BYTEA, SimpleType.INTEGER)
          .returns(BYTEA)
          .describe("The bytes from one on, counted from 1.")
          .example(name + "('\\x01020304'::bytea, 3) -> \\x0304")
          .runs(
              RowKernels.strict(
                  BYTEA, (c, a, i, out) -> cut(a[0].bytesAt(i), a[1].intAt(i), -1, out)));
      f.define(name)
          .takes(BYTEA, SimpleType.INTEGER, SimpleType.INTEGER)
          .returns(BYTEA)
          .mayFail()
          .describe("So many bytes from one on, counted from 1.")
          .example(name + "('\\x01020304'::bytea, 2, 2) -> \\x0203")
          .runs(
              RowKernels.strict(
                  BYTEA,
                  (c, a, i, out) -> {
                    int length = a[2].intAt(i);
                    if (length < 0) {
                      throw new SqlException(
                          ErrorCode.SUBSTRING_ERROR, "negative substring length not allowed");
                    }
                    cut(a[0].bytesAt(i), a[1].intAt(i), length, out);
                  }));
    }
  }

  /// `length` -1: to the end.
  private static void cut(byte[] bytes, int from, int length, ColumnWriter out) {
    long end = length < 0 ? bytes.length : Math.min(bytes.length, (long) from - 1 + length);
    long start = Math.clamp((long) from - 1, 0, bytes.length);
    out.appendBytes(bytes, (int) start, (int) Math.max(0, end - start));
  }

  private static byte[] digest(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(algorithm, e); // Every Java platform has these.
    }
  }

  private static void bytes(FunctionDefinitions f) {
    text(f, "encode", BYTEA, TEXT)
        .mayFail()
        .describe("Bytes as text: base64, hex or escape.")
        .example("encode('\\x616263'::bytea, 'base64') -> YWJj")
        .runs(RowKernels.text((c, a, i) -> encode(a[0], i, Strings.lower(a[1].textAt(i)))));
    f.define("decode")
        .takes(TEXT, TEXT)
        .returns(BYTEA)
        .mayFail()
        .describe("The bytes that a text means: base64, hex or escape.")
        .example("decode('YWJj', 'base64') -> \\x616263")
        .runs(
            RowKernels.strict(
                BYTEA,
                (c, a, i, out) -> {
                  byte[] bytes = decode(a[0].textAt(i), Strings.lower(a[1].textAt(i)));
                  out.appendBytes(bytes, 0, bytes.length);
                }));
    text(f, "convert_from", BYTEA, TEXT)
        .mayFail()
        .describe("The text of UTF-8 bytes.")
        .example("convert_from('\\x616263'::bytea, 'UTF8') -> abc")
        .runs(
            RowKernels.text((c, a, i) -> {
              requireUtf8(a[1].textAt(i));
              dev.aevum.model.text.Utf8.check(
                  a[0].segmentAt(i), a[0].offsetAt(i), a[0].lengthAt(i));
              return a[0].textAt(i);
            }));
    f.define("convert_to")
        .takes(TEXT, TEXT)
        .returns(BYTEA)
        .mayFail()
        .describe("The UTF-8 bytes of a text.")
        .example("convert_to('abc', 'UTF8') -> \\x616263")
        .runs(
            RowKernels.strict(
                BYTEA,
                (c, a, i, out) -> {
                  requireUtf8(a[1].textAt(i));
                  out.appendBytes(a[0].segmentAt(i), a[0].offsetAt(i), a[0].lengthAt(i));
                }));
  }

  private static void requireUtf8(String encoding) {
    if (!Strings.lower(encoding).replace("-", "").replace("_", "").equals("utf8")) {
      throw new SqlException(
          ErrorCode.FEATURE_NOT_SUPPORTED, "encoding \"" + encoding + "\" is not supported");
    }
  }

  private static SqlException unknown(String format) {
    return new SqlException(
        ErrorCode.INVALID_PARAMETER_VALUE, "unrecognized encoding: \"" + format + "\"");
  }

  private static String encode(Column values, int row, String format) {
    byte[] bytes = values.bytesAt(row);
    return switch (format) {
      case "hex" -> HexFormat.of().formatHex(bytes);
      case "base64" -> Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(bytes);
      case "escape" -> {
        StringBuilder out = new StringBuilder();
        for (byte b : bytes) {
          if (b == '\\') {
            out.append("\\\\");
          } else if (b == 0 || b < 0) {
            out.append('\\').append("%03o".formatted(b & 0xff));
          } else {
            out.append((char) b);
          }
        }
        yield out.toString();
      }
      default -> throw unknown(format);
    };
  }

  private static byte[] decode(String text, String format) {
    try {
      return switch (format) {
        case "hex" -> HexFormat.of().parseHex(text.replaceAll("\\s", ""));
        case "base64" -> Base64.getDecoder().decode(text.replaceAll("\\s", ""));
        case "escape" -> unescape(text);
        default -> throw unknown(format);
      };
    } catch (IllegalArgumentException e) {
      throw new SqlException(
          ErrorCode.INVALID_PARAMETER_VALUE,
          format.equals("hex") ? "invalid hexadecimal data" : "invalid base64 end sequence");
    }
  }

  private static byte[] unescape(String text) {
    ByteSink out = new ByteSink();
    byte[] in = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < in.length; i++) {
      if (in[i] != '\\') {
        out.appendByte(in[i]);
      } else if (i + 1 < in.length && in[i + 1] == '\\') {
        out.appendByte('\\');
        i++;
      } else {
        @Nullable Integer value = octal(in, i + 1);
        if (value == null) {
          throw new SqlException(
              ErrorCode.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type bytea");
        }
        out.appendByte(value);
        i += 3;
      }
    }
    return out.toBytes();
  }

  private static @Nullable Integer octal(byte[] in, int at) {
    if (at + 2 >= in.length) {
      return null;
    }
    int value = 0;
    for (int i = at; i < at + 3; i++) {
      if (in[i] < '0' || in[i] > '7') {
        return null;
      }
      value = value * 8 + in[i] - '0';
    }
    return value > 255 ? null : value;
  }
}
