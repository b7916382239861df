package dev.aevum.parser;

import dev.aevum.model.error.SourceSpan;
import dev.aevum.parser.statement.Name;
import dev.aevum.parser.statement.ObjectName;
import dev.aevum.parser.tree.TreePrinter;
import dev.aevum.parser.tree.TypeName;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// Prints a statement record for golden texts: its components but spans, those that are null, false
/// or empty left out, trees as S-expressions.
final class StatementPrinter {
  private StatementPrinter() {}

  static String print(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case SqlNode node -> TreePrinter.print(node);
      case Name name -> name.text();
      case ObjectName name -> name.toString();
      case TypeName type -> type.toString();
      case List<?> list ->
          "[" + String.join(", ", list.stream().map(StatementPrinter::print).toList()) + "]";
      case Record record -> record(record);
      case String text -> "'" + text.replace("\n", "\\n") + "'";
      default -> value.toString();
    };
  }

  private static String record(Record record) {
    List<String> parts = new ArrayList<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Object value = get(record, component);
      boolean isAbsent =
          value == null
              || value instanceof SourceSpan
              || Boolean.FALSE.equals(value)
              || value instanceof List<?> list && list.isEmpty();
      if (!isAbsent) {
        String printed = print(value);
        if (!printed.equals("Options()")) {
          parts.add(component.getName() + "=" + printed);
        }
      }
    }
    return record.getClass().getSimpleName() + "(" + String.join(", ", parts) + ")";
  }

  private static @Nullable Object get(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
