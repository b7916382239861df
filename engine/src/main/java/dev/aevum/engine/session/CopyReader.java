package dev.aevum.engine.session;

import dev.aevum.engine.api.Portal.CopyIn;
import dev.aevum.engine.catalog.CatalogObject.Relation;
import dev.aevum.engine.catalog.CatalogObject.StreamObject;
import dev.aevum.engine.catalog.ColumnInfo;
import dev.aevum.engine.write.TableChange;
import dev.aevum.executor.expression.ExpressionCompiler;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.ConstraintErrors;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.text.Utf8;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.plan.Expr;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads COPY data, cut anywhere, line by line into a batch; bad rows fail the statement with the
/// line's number in the context. A line is at most 64 MiB.
final class CopyReader implements CopyIn {
  private static final int MAX_LINE_BYTES = 64 << 20;

  private final SessionImpl session;
  private final Relation target;
  private final int[] targets;
  private final CopyFormat format;
  private final TextStyle style;
  private final BatchWriter writer;
  private final Column[] defaults;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private boolean inQuotes;
  private boolean ended;
  private long lines;
  private long rows;

  CopyReader(SessionImpl session, Relation target, List<Integer> targets, CopyFormat format) {
    this.session = session;
    this.target = target;
    this.targets = targets.stream().mapToInt(Integer::intValue).toArray();
    this.format = format;
    this.style = session.catalogView().textStyle();
    this.writer = newWriter();
    this.defaults = defaults();
  }

  private BatchWriter newWriter() {
    List<SqlType> types = target.schema().types();
    return new BatchWriter(
        session.runtime().allocator(),
        types,
        !(target instanceof StreamObject),
        DeltaBatch.TARGET_ROWS);
  }

  /// One-row columns of the defaults, by column position; null where there is none.
  private @Nullable Column[] defaults() {
    @Nullable Column[] values = new @Nullable Column[target.columns().size()];
    if (!(session.runtime().infos().of(target) instanceof RelationInfo.Stored info)) {
      return values;
    }
    try (StatementRun run = session.start(List.of());
        DeltaBatch unit = new DeltaBatch(1, new Column[0], null)) {
      for (var e : info.defaults().entrySet()) {
        Expr value = e.getValue();
        if (Arrays.stream(targets).noneMatch(t -> t == e.getKey())) {
          values[e.getKey()] =
              ExpressionCompiler.compile(value, List.of(), session.runtime().functions())
                  .evaluate(run.context().evaluation(), unit, Selection.all(1));
          run.context().evaluation().errors().throwFirst();
        }
      }
    }
    return values;
  }

  @Override
  public int columns() {
    return targets.length;
  }

  @Override
  public void data(byte[] bytes, int offset, int length) {
    try {
      for (int i = offset; i < offset + length && !ended; i++) {
        byte b = bytes[i];
        if (format.csv() && b == format.quote()) {
          inQuotes = !inQuotes;
        }
        if (b == '\n' && !inQuotes) {
          endLine();
        } else {
          line.write(b);
          if (line.size() > MAX_LINE_BYTES) {
            throw new SqlException(
                ErrorCode.PROGRAM_LIMIT_EXCEEDED, "a COPY line is longer than 64 MiB");
          }
        }
      }
    } catch (RuntimeException e) {
      free();
      throw e;
    }
  }

  private void endLine() {
    lines++;
    String text = text(line.toByteArray());
    line.reset();
    if (text.endsWith("\r")) {
      text = text.substring(0, text.length() - 1);
    }
    if (text.equals("\\.")) {
      ended = true;
      return;
    }
    if (lines == 1 && format.header()) {
      return;
    }
    try {
      append(format.csv() ? csvFields(text) : textFields(text));
    } catch (SqlException e) {
      throw e.in("COPY " + target.name() + ", line " + lines + ": \"" + cut(text) + "\"");
    }
  }

  /// Errors: 22021 for bytes that are not UTF-8, or are zero.
  private String text(byte[] bytes) {
    try {
      Utf8.check(bytes);
    } catch (SqlException e) {
      throw e.in("COPY " + target.name() + ", line " + lines);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String cut(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "...";
  }

  @Override
  public boolean binary() {
    return format.binary();
  }

  @Override
  public List<SqlType> binaryTypes() {
    List<SqlType> types = new ArrayList<>();
    for (int column : targets) {
      SqlType type = target.schema().type(column);
      types.add(isPadded(type) ? SimpleType.TEXT : type);
    }
    return types;
  }

  /// Text whose length is checked.
  private static boolean isPadded(SqlType type) {
    return type instanceof VarcharType || type instanceof CharType;
  }

  @Override
  public void rows(DeltaBatch batch) {
    try {
      int[] source = sources();
      for (int row = 0; row < batch.rows(); row++) {
        lines++;
        for (int c = 0; c < source.length; c++) {
          boolean given = source[c] >= 0 && !batch.column(source[c]).isNull(row);
          if (!given) {
            absent(c, source[c] < 0);
          } else if (isPadded(target.schema().type(c))) {
            PgText.parse(batch.column(source[c]).textAt(row), style, writer.column(c));
          } else {
            writer.column(c).appendFrom(batch.column(source[c]), row);
          }
        }
        endRow();
      }
    } catch (SqlException e) {
      free();
      throw e.in("COPY " + target.name() + ", row " + lines);
    } catch (RuntimeException e) {
      free();
      throw e;
    }
  }

  /// By column of the target which given column it is, or -1.
  private int[] sources() {
    int[] source = new int[target.columns().size()];
    Arrays.fill(source, -1);
    for (int i = 0; i < targets.length; i++) {
      source[targets[i]] = i;
    }
    return source;
  }

  /// Appends what a column has for which there is no value: its default, or NULL where that is
  /// allowed.
  private void absent(int column, boolean notGiven) {
    ColumnInfo info = target.columns().get(column);
    Column fallback = defaults[column];
    if (notGiven && fallback != null) {
      writer.column(column).appendFrom(fallback, 0);
    } else if (info.notNull() && !info.hidden()) {
      throw ConstraintErrors.notNull(target.schemaName(), target.name(), info.name());
    } else {
      writer.column(column).appendNull();
    }
  }

  private void endRow() {
    writer.endRow();
    rows++;
    if (writer.rows() == DeltaBatch.TARGET_ROWS) {
      session.transaction().write(new TableChange(target.oid(), writer.finish()));
    }
  }

  private void append(List<@Nullable String> fields) {
    if (fields.size() < targets.length) {
      throw new SqlException(
          ErrorCode.BAD_COPY_FILE_FORMAT,
          "missing data for column \""
              + target.columns().get(targets[fields.size()]).name()
              + "\"");
    }
    if (fields.size() > targets.length) {
      throw new SqlException(
          ErrorCode.BAD_COPY_FILE_FORMAT, "extra data after last expected column");
    }
    int[] source = sources();
    for (int c = 0; c < source.length; c++) {
      String value = source[c] < 0 ? null : fields.get(source[c]);
      if (value == null) {
        absent(c, source[c] < 0);
      } else {
        PgText.parse(value, style, writer.column(c));
      }
    }
    endRow();
  }

  private List<@Nullable String> textFields(String text) {
    List<@Nullable String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || text.charAt(i) == format.delimiter()) {
        boolean isNull = text.substring(start, i).equals(format.nullText());
        fields.add(isNull ? null : field.toString());
        field.setLength(0);
        start = i + 1;
      } else if (text.charAt(i) == '\\' && i + 1 < text.length()) {
        i = unescape(text, i + 1, field);
      } else {
        field.append(text.charAt(i));
      }
    }
    return fields;
  }

  /// Appends the character that the escape at `at` (after the backslash) means; gives its last
  /// index.
  private static int unescape(String text, int at, StringBuilder out) {
    char c = text.charAt(at);
    switch (c) {
      case 'b' -> out.append('\b');
      case 'f' -> out.append('\f');
      case 'n' -> out.append('\n');
      case 'r' -> out.append('\r');
      case 't' -> out.append('\t');
      case 'v' -> out.append('\u000b');
      case 'x' -> {
        int end = at + 1;
        while (end < text.length() && end < at + 3 && Character.digit(text.charAt(end), 16) >= 0) {
          end++;
        }
        if (end == at + 1) {
          out.append('x');
          return at;
        }
        out.append((char) Integer.parseInt(text.substring(at + 1, end), 16));
        return end - 1;
      }
      default -> {
        if (c >= '0' && c <= '7') {
          int end = at;
          while (end < text.length()
              && end < at + 3
              && text.charAt(end) >= '0'
              && text.charAt(end) <= '7') {
            end++;
          }
          out.append((char) (Integer.parseInt(text.substring(at, end), 8) & 0xff));
          return end - 1;
        }
        out.append(c);
      }
    }
    return at;
  }

  private List<@Nullable String> csvFields(String text) {
    List<@Nullable String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    boolean inside = false;
    for (int i = 0; i <= text.length(); i++) {
      boolean end = i == text.length();
      char c = end ? 0 : text.charAt(i);
      if (!end && inside) {
        boolean next =
            i + 1 < text.length()
                && (text.charAt(i + 1) == format.quote() || text.charAt(i + 1) == format.escape());
        if (c == format.escape() && next) {
          field.append(text.charAt(++i));
        } else if (c == format.quote()) {
          inside = false;
        } else {
          field.append(c);
        }
      } else if (end || c == format.delimiter()) {
        boolean isNull = !quoted && field.toString().equals(format.nullText());
        fields.add(isNull ? null : field.toString());
        field.setLength(0);
        quoted = false;
      } else if (c == format.quote()) {
        inside = true;
        quoted = true;
      } else {
        field.append(c);
      }
    }
    if (inside) {
      throw new SqlException(ErrorCode.BAD_COPY_FILE_FORMAT, "unterminated CSV quoted field");
    }
    return fields;
  }

  @Override
  public String done() {
    try {
      if (!ended && line.size() > 0) {
        inQuotes = false;
        endLine();
      }
      if (writer.rows() > 0) {
        session.transaction().write(new TableChange(target.oid(), writer.finish()));
      }
      return "COPY " + rows;
    } finally {
      free();
    }
  }

  @Override
  public void fail(String message) {
    free();
    throw new SqlException(ErrorCode.QUERY_CANCELED, "COPY from stdin failed: " + message);
  }

  @Override
  public void close() {
    free();
  }

  private void free() {
    writer.close();
    for (int i = 0; i < defaults.length; i++) {
      if (defaults[i] != null) {
        Objects.requireNonNull(defaults[i]).close();
        defaults[i] = null;
      }
    }
  }
}
