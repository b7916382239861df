package dev.aevum.wire.postgres;

import dev.aevum.engine.api.Portal;
import dev.aevum.engine.api.ResultColumn;
import dev.aevum.engine.api.Session;
import dev.aevum.model.batch.Column;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement of [FakeDatabase], analysed.
record FakePrepared(FakeSession session, FakeParsed statement) implements Session.Prepared {
  @Override
  public List<SqlType> parameterTypes() {
    return statement.word().equals("ECHO")
        ? Arrays.stream(statement.argument().split("\\s+")[0].split(","))
            .map(FakeDatabase::type)
            .toList()
        : List.of();
  }

  @Override
  public @Nullable List<ResultColumn> columns() {
    return switch (statement.word()) {
      case "ROWS" ->
          List.of(
              new ResultColumn("n", SimpleType.INTEGER, 16384, 1),
              new ResultColumn("square", SimpleType.BIGINT, 0, 0),
              new ResultColumn("name", new VarcharType(20), 16384, 3));
      case "GET" -> List.of(new ResultColumn("item", SimpleType.TEXT, 0, 0));
      case "SHOW" -> List.of(new ResultColumn(statement.argument(), SimpleType.TEXT, 0, 0));
      case "ECHO" -> {
        List<ResultColumn> columns = new ArrayList<>();
        for (SqlType type : parameterTypes()) {
          columns.add(new ResultColumn("p" + (columns.size() + 1), type, 0, 0));
        }
        yield columns;
      }
      default -> null;
    };
  }

  @Override
  public Portal bind(List<Column> parameters) {
    return new FakePortal(session, this, parameters);
  }
}
