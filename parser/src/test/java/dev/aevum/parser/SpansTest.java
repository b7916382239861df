package dev.aevum.parser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.model.error.SourceSpan;
import dev.aevum.parser.statement.QueryStatement;
import dev.aevum.parser.tree.CastNode;
import dev.aevum.parser.tree.FunctionCallNode;
import dev.aevum.parser.tree.OperatorNode;
import dev.aevum.parser.tree.Spans;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Spans name exactly the characters that a node was made from, whatever blanks, tabs and comments
/// stand around.
class SpansTest {
  private int identifiers;

  @Test
  void identifiersOfRealQueriesStandWhereTheySay() throws IOException {
    Path folder =
        Path.of(System.getProperty("aevum.root", ".."), "parser/src/test/resources/clients");
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String script =
            "\t-- x\r\n" + Files.readString(file).replaceAll(";?\n\n+", ";\t/* ö */\n\n");
        for (ParsedStatement parsed : SqlParser.parseScript(script)) {
          assertThat(text(script, parsed.span())).isEqualTo(parsed.text());
          if (parsed.statement() instanceof QueryStatement query) {
            check(script, query.query(), parsed.span());
          }
        }
      }
    }
    assertThat(identifiers).isGreaterThan(5000);
  }

  private void check(String script, @Nullable SqlNode node, SourceSpan within) {
    if (node instanceof SqlIdentifier identifier) {
      for (int i = 0; i < identifier.names.size(); i++) {
        String name = identifier.names.get(i).isEmpty() ? "*" : identifier.names.get(i);
        String written = text(script, Spans.of(identifier.getComponentParserPosition(i)));
        assertThat(written.replace("\"", "").toLowerCase(Locale.ROOT))
            .isEqualTo(name.toLowerCase(Locale.ROOT));
        identifiers++;
      }
    }
    if (node != null && node.getParserPosition().getLineNum() > 0) {
      SourceSpan span = Spans.of(node);
      assertThat(span.start()).isGreaterThanOrEqualTo(within.start());
      assertThat(span.end()).isLessThanOrEqualTo(within.end());
    }
    for (SqlNode child : children(node)) {
      check(script, child, within);
    }
  }

  private static List<? extends @Nullable SqlNode> children(@Nullable SqlNode node) {
    return switch (node) {
      case SqlNodeList list -> list.getList();
      case SqlCall call -> call.getOperandList();
      case null, default -> List.of();
    };
  }

  @Test
  void operatorsCastsAndCallsPointAtTheirWord() {
    String sql = "SELECT  ( a /* c */  +\t'x' ) , y :: int4, pg_catalog . f (1)";
    List<SqlNode> items = ((org.apache.calcite.sql.SqlSelect) query(sql)).getSelectList().getList();
    OperatorNode plus = (OperatorNode) items.get(0);
    CastNode cast = (CastNode) items.get(1);
    FunctionCallNode call = (FunctionCallNode) items.get(2);
    assertThat(text(sql, plus.operatorSpan())).isEqualTo("+");
    assertThat(text(sql, plus.span())).isEqualTo("a /* c */  +\t'x'");
    assertThat(text(sql, cast.operatorSpan())).isEqualTo("::");
    assertThat(text(sql, cast.type().span())).isEqualTo("int4");
    assertThat(text(sql, call.nameSpan())).isEqualTo("pg_catalog . f");
    assertThat(text(sql, call.span())).isEqualTo("pg_catalog . f (1)");
  }

  private static SqlNode query(String sql) {
    return ((QueryStatement) SqlParser.parseOne(sql)).query();
  }

  private static String text(String sql, SourceSpan span) {
    return sql.substring(span.start() - 1, span.end() - 1);
  }
}
