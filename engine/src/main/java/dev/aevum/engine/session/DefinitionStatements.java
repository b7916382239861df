package dev.aevum.engine.session;

import dev.aevum.engine.api.Session.Prepared;
import dev.aevum.engine.catalog.Catalog;
import dev.aevum.engine.catalog.CatalogChange;
import dev.aevum.engine.catalog.CatalogObject;
import dev.aevum.engine.catalog.CatalogObject.Identity;
import dev.aevum.engine.catalog.CatalogObject.LogicalViewObject;
import dev.aevum.engine.catalog.CatalogObject.MaterializedViewObject;
import dev.aevum.engine.catalog.CatalogObject.Relation;
import dev.aevum.engine.catalog.CatalogObject.SinkObject;
import dev.aevum.engine.catalog.CatalogObject.StreamObject;
import dev.aevum.engine.catalog.CatalogObject.TableObject;
import dev.aevum.engine.catalog.ColumnInfo;
import dev.aevum.engine.name.SessionCatalogView;
import dev.aevum.engine.runtime.Definitions.Planned;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import dev.aevum.parser.statement.AlterModelStatement;
import dev.aevum.parser.statement.AlterRenameStatement;
import dev.aevum.parser.statement.AlterResetModelStatement;
import dev.aevum.parser.statement.CommentStatement;
import dev.aevum.parser.statement.CreateMaterializedViewStatement;
import dev.aevum.parser.statement.CreateModelStatement;
import dev.aevum.parser.statement.CreateSchemaStatement;
import dev.aevum.parser.statement.CreateSinkStatement;
import dev.aevum.parser.statement.CreateStreamStatement;
import dev.aevum.parser.statement.CreateTableStatement;
import dev.aevum.parser.statement.CreateViewStatement;
import dev.aevum.parser.statement.DropStatement;
import dev.aevum.parser.statement.ObjectKind;
import dev.aevum.parser.statement.ObjectName;
import dev.aevum.parser.statement.RefreshMaterializedViewStatement;
import dev.aevum.parser.statement.RefreshModelStatement;
import dev.aevum.parser.tree.StatementText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// CREATE, DROP, ALTER ... RENAME, COMMENT ON. A definition takes effect at once, between two
/// steps: it cannot be part of a transaction block.
final class DefinitionStatements {
  private final SessionImpl session;
  private final StatementText text;

  DefinitionStatements(SessionImpl session, StatementText text) {
    this.session = session;
    this.text = text;
  }

  private Prepared definition(String tag, BooleanSupplier action) {
    return Commands.command(() -> {
      if (session.transaction().inBlock()) {
        throw new SqlException(
            ErrorCode.ACTIVE_SQL_TRANSACTION, tag + " cannot run inside a transaction block");
      }
      session.commitWrites();
      var _ = action.getAsBoolean();
      session.tookEffect(tag);
      return tag;
    });
  }

  /// The schema a new object goes to.
  private String schemaOf(ObjectName name) {
    SessionCatalogView view = session.catalogView();
    String schema = name.schema() == null ? view.creationSchema() : name.schema();
    if (schema == null || !view.catalog().schemas().contains(schema)) {
      if (schema != null && view.schemaExists(schema)) {
        throw new SqlException(
                ErrorCode.INSUFFICIENT_PRIVILEGE, "permission denied for schema " + schema)
            .at(name.span());
      }
      throw new SqlException(
              ErrorCode.INVALID_SCHEMA_NAME,
              schema == null
                  ? "no schema has been selected to create in"
                  : "schema \"" + schema + "\" does not exist")
          .at(name.span());
    }
    return schema;
  }

  private Identity identity(ObjectName name, int oid) {
    return new Identity(oid, schemaOf(name), name.name(), session.user(), text.text(), null);
  }

  /// Whether to go on: false when the object exists and IF NOT EXISTS was said (with a notice).
  private boolean mayCreate(
      Catalog catalog, ObjectName name, boolean ifNotExists, boolean orReplace) {
    CatalogObject there = catalog.find(schemaOf(name), name.name());
    if (there == null) {
      return true;
    }
    if (ifNotExists) {
      session.notice(
          "NOTICE",
          ErrorCode.DUPLICATE_TABLE,
          "relation \"" + name.name() + "\" already exists, skipping",
          null);
      return false;
    }
    if (orReplace) {
      replace(catalog, there);
      return true;
    }
    throw new SqlException(
            ErrorCode.DUPLICATE_TABLE, "relation \"" + name.name() + "\" already exists")
        .at(name.span());
  }

  private void replace(Catalog catalog, CatalogObject there) {
    List<CatalogObject> dependents = catalog.dependents(there.oid());
    if (!dependents.isEmpty()) {
      throw new SqlException(
              ErrorCode.DEPENDENT_OBJECTS_STILL_EXIST,
              "cannot replace " + described(there) + " because other objects depend on it")
          .withDetail(dependencies(there, dependents))
          .withHint("Use DROP ... CASCADE to drop the dependent objects too.");
    }
    session.runtime().definitions().drop(c -> List.of(there));
  }

  Prepared stream(CreateStreamStatement s) {
    return definition(
        "CREATE STREAM",
        () -> {
          if (!mayCreate(session.runtime().catalog(), s.name(), s.ifNotExists(), s.orReplace())) {
            return false;
          }
          StreamDefinitions streams = new StreamDefinitions(session, text);
          StreamObject made =
              session
                  .runtime()
                  .definitions()
                  .create((catalog, oid) ->
                      checkedFree(catalog, streams.stream(s, identity(s.name(), oid))));
          streams.announce(made);
          return true;
        });
  }

  /// The name is still free when the change is made.
  private static <T extends CatalogObject> T checkedFree(Catalog catalog, T object) {
    if (catalog.find(object.schemaName(), object.name()) != null) {
      throw new SqlException(
          ErrorCode.DUPLICATE_TABLE, "relation \"" + object.name() + "\" already exists");
    }
    return object;
  }

  Prepared table(CreateTableStatement s) {
    if (s.temporary()) {
      throw Statements.unsupported("CREATE TEMPORARY TABLE", s.name().span());
    }
    return definition(
        "CREATE TABLE",
        () -> {
          if (mayCreate(session.runtime().catalog(), s.name(), s.ifNotExists(), s.orReplace())) {
            TableDefinitions tables = new TableDefinitions(session, text);
            session
                .runtime()
                .definitions()
                .create((catalog, oid) ->
                    checkedFree(catalog, tables.table(s, identity(s.name(), oid))));
          }
          return true;
        });
  }

  Prepared view(CreateViewStatement s) {
    return definition(
        "CREATE VIEW",
        () -> {
          if (mayCreate(session.runtime().catalog(), s.name(), s.ifNotExists(), s.orReplace())) {
            ViewStatements views = new ViewStatements(session);
            session
                .runtime()
                .definitions()
                .<LogicalViewObject>create((catalog, oid) ->
                    checkedFree(catalog, views.logical(s, identity(s.name(), oid))));
          }
          return true;
        });
  }

  Prepared materializedView(CreateMaterializedViewStatement s) {
    return definition(
        "CREATE MATERIALIZED VIEW",
        () ->
            mayCreate(session.runtime().catalog(), s.name(), s.ifNotExists(), s.orReplace())
                && maintained((views, catalog, oid) ->
                    views.maintained(s, identity(s.name(), oid), catalog)));
  }

  Prepared model(CreateModelStatement s) {
    return definition(
        "CREATE MODEL",
        () ->
            mayCreate(session.runtime().catalog(), s.name(), s.ifNotExists(), s.orReplace())
                && maintained((views, catalog, oid) -> views.model(s, identity(s.name(), oid))));
  }

  /// Plans what is kept up to date.
  @FunctionalInterface
  private interface MaintainedPlan {
    Planned<MaterializedViewObject> plan(ViewStatements views, Catalog catalog, int oid);
  }

  /// Makes it, and waits until its inputs have been read so far.
  private boolean maintained(MaintainedPlan plan) {
    ViewStatements views = new ViewStatements(session);
    MaterializedViewObject made =
        session
            .runtime()
            .definitions()
            .createView((catalog, oid) -> {
              Planned<MaterializedViewObject> planned = plan.plan(views, catalog, oid);
              checkedFree(catalog, planned.object());
              return planned;
            });
    views.awaitInputs(made.inputs());
    return true;
  }

  Prepared alterModel(AlterModelStatement s) {
    return definition(
        "ALTER MODEL",
        () -> {
          CatalogObject found = find(ObjectKind.MODEL, s.name(), s.ifExists());
          if (found == null) {
            return false;
          }
          session
              .runtime()
              .definitions()
              .alterModel(
                  catalog -> {
                    if (catalog.find(found.oid()) instanceof MaterializedViewObject model) {
                      return model;
                    }
                    throw missing("model", s.name());
                  },
                  s.action());
          return true;
        });
  }

  Prepared sink(CreateSinkStatement s) {
    return definition(
        "CREATE SINK",
        () -> {
          if (!mayCreate(session.runtime().catalog(), s.name(), s.ifNotExists(), s.orReplace())) {
            return false;
          }
          ViewStatements views = new ViewStatements(session);
          session
              .runtime()
              .definitions()
              .createSink((catalog, oid) -> {
                var planned = views.sink(s, identity(s.name(), oid));
                checkedFree(catalog, planned.object());
                return planned;
              });
          return true;
        });
  }

  /// A maintained view is always fresh; one that has failed is rebuilt.
  Prepared refresh(RefreshMaterializedViewStatement s) {
    return refresh("REFRESH MATERIALIZED VIEW", () -> materialized(s.name(), "REFRESH MODEL"));
  }

  /// A model that has failed learns anew what its inputs hold.
  Prepared refresh(RefreshModelStatement s) {
    return refresh(
        "REFRESH MODEL",
        () ->
            (MaterializedViewObject)
                Objects.requireNonNull(find(ObjectKind.MODEL, s.name(), false)));
  }

  private Prepared refresh(String tag, Supplier<MaterializedViewObject> found) {
    Prepared rebuild =
        definition(
            tag,
            () -> {
              session.runtime().definitions().refresh(catalog -> found.get());
              return true;
            });
    Prepared nothing = Commands.command(() -> tag);
    return session.runtime().hasFailed(found.get().oid()) ? rebuild : nothing;
  }

  /// The models of a view's keys begin anew with each key's next row.
  Prepared resetModels(AlterResetModelStatement s) {
    return definition(
        "ALTER MATERIALIZED VIEW",
        () -> {
          MaterializedViewObject view = materialized(s.name(), "ALTER MODEL ... RESET");
          Map<String, String> condition = new LinkedHashMap<>();
          s.condition().forEach(c -> condition.put(c.column().text(), c.value().text()));
          try {
            session.runtime().resetModels(view.oid(), condition);
          } catch (SqlException e) {
            throw e.at(
                s.condition().isEmpty()
                    ? s.name().span()
                    : s.condition().getFirst().column().span());
          }
          return true;
        });
  }

  /// @param ofModel the statement that does the same to a model
  private MaterializedViewObject materialized(ObjectName name, String ofModel) {
    SessionCatalogView view = session.catalogView();
    for (String schema : name.schema() == null ? view.searchPath() : List.of(name.schema())) {
      CatalogObject found = view.catalog().find(schema, name.name());
      if (found instanceof MaterializedViewObject v && v.model() == null) {
        return v;
      }
      if (found != null) {
        SqlException error =
            new SqlException(
                ErrorCode.WRONG_OBJECT_TYPE, "\"" + name.name() + "\" is not a materialized view");
        boolean model = found instanceof MaterializedViewObject;
        throw (model ? error.withHint("Use " + ofModel + " for a model.") : error).at(name.span());
      }
    }
    throw missing("relation", name);
  }

  Prepared schema(CreateSchemaStatement s) {
    return definition(
        "CREATE SCHEMA",
        () -> {
          String name = s.name().text();
          if (session.catalogView().schemaExists(name)) {
            if (s.ifNotExists()) {
              session.notice(
                  "NOTICE",
                  ErrorCode.DUPLICATE_SCHEMA,
                  "schema \"" + name + "\" already exists, skipping",
                  null);
              return false;
            }
            throw new SqlException(
                    ErrorCode.DUPLICATE_SCHEMA, "schema \"" + name + "\" already exists")
                .at(s.name().span());
          }
          session.runtime().definitions().schemaChange(c -> new CatalogChange.CreateSchema(name));
          return true;
        });
  }

  Prepared drop(DropStatement s) {
    return definition(
        "DROP " + s.kind().words(),
        () -> {
          if (s.kind() == ObjectKind.SCHEMA) {
            s.names().forEach(name -> dropSchema(name, s.ifExists(), s.cascade()));
            return true;
          }
          Set<CatalogObject> victims = new LinkedHashSet<>();
          for (ObjectName name : s.names()) {
            CatalogObject found = find(s.kind(), name, s.ifExists());
            if (found != null) {
              victims.add(found);
            }
          }
          session
              .runtime()
              .definitions()
              .drop(catalog -> withDependents(catalog, victims, s.cascade()));
          return true;
        });
  }

  private void dropSchema(ObjectName name, boolean ifExists, boolean cascade) {
    Catalog catalog = session.runtime().catalog();
    if (!catalog.schemas().contains(name.name())) {
      if (ifExists) {
        session.notice(
            "NOTICE",
            ErrorCode.INVALID_SCHEMA_NAME,
            "schema \"" + name.name() + "\" does not exist, skipping",
            null);
        return;
      }
      throw new SqlException(
              ErrorCode.INVALID_SCHEMA_NAME, "schema \"" + name.name() + "\" does not exist")
          .at(name.span());
    }
    Set<CatalogObject> inside = new LinkedHashSet<>();
    for (CatalogObject object : catalog.objects()) {
      if (object.schemaName().equals(name.name())) {
        inside.add(object);
      }
    }
    if (!inside.isEmpty()) {
      if (!cascade) {
        throw new SqlException(
                ErrorCode.DEPENDENT_OBJECTS_STILL_EXIST,
                "cannot drop schema " + name.name() + " because other objects depend on it")
            .withHint("Use DROP ... CASCADE to drop the dependent objects too.");
      }
      session.runtime().definitions().drop(c -> withDependents(c, inside, true));
    }
    session.runtime().definitions().schemaChange(c -> new CatalogChange.DropSchema(name.name()));
  }

  private List<CatalogObject> withDependents(
      Catalog catalog, Set<CatalogObject> victims, boolean cascade) {
    Set<CatalogObject> all = new LinkedHashSet<>(victims);
    List<CatalogObject> queue = new ArrayList<>(victims);
    while (!queue.isEmpty()) {
      CatalogObject next = queue.removeFirst();
      List<CatalogObject> dependents = new ArrayList<>(catalog.dependents(next.oid()));
      dependents.removeAll(all);
      if (!dependents.isEmpty() && !cascade) {
        throw new SqlException(
                ErrorCode.DEPENDENT_OBJECTS_STILL_EXIST,
                "cannot drop " + described(next) + " because other objects depend on it")
            .withDetail(dependencies(next, dependents))
            .withHint("Use DROP ... CASCADE to drop the dependent objects too.");
      }
      for (CatalogObject dependent : dependents) {
        session.notice(
            "NOTICE", ErrorCode.WARNING, "drop cascades to " + described(dependent), null);
      }
      all.addAll(dependents);
      queue.addAll(dependents);
    }
    return List.copyOf(all);
  }

  private static String dependencies(CatalogObject on, List<CatalogObject> dependents) {
    List<String> lines = new ArrayList<>();
    dependents.forEach(d -> lines.add(described(d) + " depends on " + described(on)));
    return String.join("\n", lines);
  }

  private static String described(CatalogObject object) {
    return kind(object).words().toLowerCase(java.util.Locale.ROOT) + " " + object.name();
  }

  private static ObjectKind kind(CatalogObject object) {
    return switch (object) {
      case StreamObject o -> ObjectKind.STREAM;
      case TableObject o -> ObjectKind.TABLE;
      case MaterializedViewObject o ->
          o.model() == null ? ObjectKind.MATERIALIZED_VIEW : ObjectKind.MODEL;
      case LogicalViewObject o -> ObjectKind.VIEW;
      case SinkObject o -> ObjectKind.SINK;
    };
  }

  /// The object of that kind and name; null when it is missing and may be (with a notice).
  private @Nullable CatalogObject find(ObjectKind wanted, ObjectName name, boolean ifExists) {
    SessionCatalogView view = session.catalogView();
    CatalogObject found = null;
    for (String schema : name.schema() == null ? view.searchPath() : List.of(name.schema())) {
      found = found == null ? view.catalog().find(schema, name.name()) : found;
    }
    String words = wanted.words().toLowerCase(java.util.Locale.ROOT);
    if (found == null) {
      if (ifExists) {
        session.notice(
            "NOTICE",
            ErrorCode.UNDEFINED_TABLE,
            words + " \"" + name.name() + "\" does not exist, skipping",
            null);
        return null;
      }
      throw missing(words, name);
    }
    boolean fits =
        kind(found) == wanted || (wanted == ObjectKind.SOURCE && found instanceof StreamObject);
    if (!fits) {
      throw new SqlException(
              ErrorCode.WRONG_OBJECT_TYPE, "\"" + name.name() + "\" is not a " + words)
          .withHint(
              "Use DROP "
                  + kind(found).words()
                  + " to remove a "
                  + kind(found).words().toLowerCase(java.util.Locale.ROOT)
                  + ".")
          .at(name.span());
    }
    return found;
  }

  static SqlException missing(String kind, ObjectName name) {
    ErrorCode code = kind.equals("model") ? ErrorCode.UNDEFINED_OBJECT : ErrorCode.UNDEFINED_TABLE;
    return new SqlException(code, kind + " \"" + name + "\" does not exist").at(name.span());
  }

  Prepared rename(AlterRenameStatement s) {
    if (s.column() != null) {
      throw Statements.unsupported("renaming a column", s.column().span());
    }
    return definition(
        "ALTER " + s.kind().words(),
        () -> {
          CatalogObject found = find(s.kind(), s.name(), s.ifExists());
          if (found == null) {
            return false;
          }
          SourceSpan span = s.newName().span();
          session
              .runtime()
              .definitions()
              .alter(catalog -> {
                if (!catalog.dependents(found.oid()).isEmpty()) {
                  throw new SqlException(
                          ErrorCode.DEPENDENT_OBJECTS_STILL_EXIST,
                          "cannot rename "
                              + described(found)
                              + " because other objects depend on it")
                      .withDetail(dependencies(found, catalog.dependents(found.oid())));
                }
                if (catalog.find(found.schemaName(), s.newName().text()) != null) {
                  throw new SqlException(
                          ErrorCode.DUPLICATE_TABLE,
                          "relation \"" + s.newName().text() + "\" already exists")
                      .at(span);
                }
                return found.withIdentity(found.identity().renamed(s.newName().text()));
              });
          return true;
        });
  }

  Prepared comment(CommentStatement s) {
    return definition(
        "COMMENT",
        () -> {
          if (s.kind() == ObjectKind.COLUMN) {
            commentColumn(s);
            return true;
          }
          CatalogObject found = find(s.kind(), s.name(), false);
          if (found != null) {
            session
                .runtime()
                .definitions()
                .alter(c -> found.withIdentity(found.identity().withComment(s.text())));
          }
          return true;
        });
  }

  private void commentColumn(CommentStatement s) {
    List<String> parts = s.name().parts();
    if (parts.size() < 2) {
      throw new SqlException(ErrorCode.SYNTAX_ERROR, "column name must be qualified")
          .at(s.name().span());
    }
    ObjectName owner = new ObjectName(parts.subList(0, parts.size() - 1), s.name().span());
    SessionCatalogView view = session.catalogView();
    var info = view.relation(owner.schema(), owner.name());
    if (info == null || !(view.catalog().find(info.id()) instanceof Relation relation)) {
      throw missing("relation", owner);
    }
    int index = relation.columnIndex(parts.getLast());
    if (index < 0) {
      throw new SqlException(
              ErrorCode.UNDEFINED_COLUMN,
              "column \""
                  + parts.getLast()
                  + "\" of relation \""
                  + owner.name()
                  + "\" does not exist")
          .at(s.name().span());
    }
    List<ColumnInfo> columns = new ArrayList<>(relation.columns());
    columns.set(index, columns.get(index).withComment(s.text()));
    session.runtime().definitions().alter(c -> relation.withColumns(columns));
  }

  static SqlException wrongOption(String option, String why, SourceSpan span) {
    return new SqlException(ErrorCode.INVALID_PARAMETER_VALUE, "option \"" + option + "\" " + why)
        .at(span);
  }
}
