package dev.aevum.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ScriptSplitterTest {
  private static List<String> split(String script) {
    ScriptSplitter splitter = new ScriptSplitter();
    List<String> all = new ArrayList<>();
    script.lines().forEach(line -> all.addAll(splitter.add(line)));
    String rest = splitter.rest();
    if (!rest.isEmpty()) {
      all.add("rest: " + rest);
    }
    return all;
  }

  @Test
  void semicolonsEndStatements() {
    assertThat(split("SELECT 1; SELECT\n 2;;\nSELECT 3"))
        .containsExactly("SELECT 1", "SELECT\n 2", "rest: SELECT 3");
  }

  @Test
  void semicolonsInQuotesCommentsAndParenthesesDoNot() {
    assertThat(split("SELECT 'a;''b';")).containsExactly("SELECT 'a;''b'");
    assertThat(split("SELECT \"a;b\";")).containsExactly("SELECT \"a;b\"");
    assertThat(split("SELECT E'a\\';b';")).containsExactly("SELECT E'a\\';b'");
    assertThat(split("SELECT 'a\\';")).containsExactly("SELECT 'a\\'");
    assertThat(split("SELECT $x$a;b$x$, $1, $$;$$;"))
        .containsExactly("SELECT $x$a;b$x$, $1, $$;$$");
    assertThat(split("SELECT 1 -- no; \n + 2;")).containsExactly("SELECT 1 -- no; \n + 2");
    assertThat(split("/* a; /* b; */ c; */ SELECT 1;"))
        .containsExactly("/* a; /* b; */ c; */ SELECT 1");
    assertThat(split("CREATE RULE r (a; b);")).containsExactly("CREATE RULE r (a; b)");
    assertThat(split("SELECT 'two\nlines;';")).containsExactly("SELECT 'two\nlines;'");
  }

  @Test
  void backslashCommandsAreLines() {
    assertThat(split("\\d t\nSELECT 1;\n-- a comment\n\\x"))
        .containsExactly("\\d t", "SELECT 1", "\\x");
    assertThat(split("SELECT 'a\n\\d';")).containsExactly("SELECT 'a\n\\d'");
  }

  @Test
  void commentsAloneAreNothing() {
    assertThat(split("-- a\n /* b */\n")).isEmpty();
    assertThat(InteractiveShell.StatementParser.isComplete("SELECT 1")).isFalse();
    assertThat(InteractiveShell.StatementParser.isComplete("SELECT 1;")).isTrue();
    assertThat(InteractiveShell.StatementParser.isComplete("\\dt")).isTrue();
    assertThat(InteractiveShell.StatementParser.isComplete("/* open")).isFalse();
  }

  @Test
  void secretsAreSeen() {
    InteractiveShell.DiscreetHistory history = new InteractiveShell.DiscreetHistory();
    history.add("SELECT 1;");
    history.add("ALTER ROLE u\nPASSWORD 'x';");
    history.add("create secret s as 'x';");
    assertThat(history.size()).isEqualTo(1);
  }
}
