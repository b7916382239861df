package dev.aevum.engine.session;

import dev.aevum.engine.api.Session.Prepared;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.ParsedStatement;
import dev.aevum.parser.statement.*;
import dev.aevum.parser.tree.StatementText;
import java.util.ArrayList;
import java.util.List;

/// Prepares statements: one arm a kind, each in the class of its family.
final class Statements {
  private final SessionImpl session;

  Statements(SessionImpl session) {
    this.session = session;
  }

  Prepared prepare(ParsedStatement parsed, List<Integer> parameterOids) {
    return prepare(
        parsed.statement(),
        new StatementText(parsed.text(), parsed.span().start()),
        declared(parameterOids));
  }

  private static List<SqlType> declared(List<Integer> oids) {
    List<SqlType> types = new ArrayList<>();
    for (int oid : oids) {
      types.add(ParameterTypes.of(oid));
    }
    return types;
  }

  Prepared prepare(Statement statement, StatementText text, List<SqlType> types) {
    DefinitionStatements definitions = new DefinitionStatements(session, text);
    ShowStatements shows = new ShowStatements(session);
    SettingStatements settings = new SettingStatements(session);
    TransactionStatements transactions = new TransactionStatements(session);
    CursorStatements cursors = new CursorStatements(session);
    WriteStatements writes = new WriteStatements(session);
    return switch (statement) {
      case QueryStatement s -> query(s, types);
      case InsertStatement s -> writes.insert(s, types);
      case UpdateStatement s -> writes.update(s, types);
      case DeleteStatement s -> writes.delete(s, types);
      case TruncateStatement s -> writes.truncate(s);
      case CopyStatement s -> new CopyStatements(session).prepare(s);
      case LockTableStatement s -> writes.lock(s);
      case CreateStreamStatement s -> definitions.stream(s);
      case CreateTableStatement s -> definitions.table(s);
      case CreateMaterializedViewStatement s -> definitions.materializedView(s);
      case CreateViewStatement s -> definitions.view(s);
      case CreateSinkStatement s -> definitions.sink(s);
      case CreateModelStatement s -> definitions.model(s);
      case AlterModelStatement s -> definitions.alterModel(s);
      case CreateSchemaStatement s -> definitions.schema(s);
      case DropStatement s -> definitions.drop(s);
      case AlterRenameStatement s -> definitions.rename(s);
      case AlterResetModelStatement s -> definitions.resetModels(s);
      case CommentStatement s -> definitions.comment(s);
      case BeginStatement s -> transactions.begin(s);
      case CommitStatement s -> transactions.commit(s);
      case RollbackStatement s -> transactions.rollback(s);
      case SavepointStatement s -> transactions.savepoint(s);
      case ReleaseSavepointStatement s -> transactions.release(s);
      case RollbackToSavepointStatement s -> transactions.rollbackTo(s);
      case SetTransactionStatement s -> transactions.setModes(s);
      case SetConstraintsStatement s -> Commands.command(() -> "SET CONSTRAINTS");
      case SetStatement s -> settings.set(s);
      case ResetStatement s -> settings.reset(s);
      case DiscardStatement s -> settings.discard(s);
      case ShowSettingStatement s -> shows.setting(s);
      case ShowAllSettingsStatement s -> shows.allSettings();
      case ShowObjectsStatement s -> shows.objects(s);
      case ShowCreateStatement s -> shows.create(s);
      case DescribeStatement s -> shows.describe(s);
      case ExplainStatement s -> new ExplainStatements(session).explain(s);
      case DeclareCursorStatement s -> cursors.declare(s);
      case FetchStatement s -> cursors.fetch(s);
      case CloseCursorStatement s -> cursors.close(s);
      case PrepareStatement s -> cursors.prepare(s);
      case ExecuteStatement s -> cursors.execute(s);
      case DeallocateStatement s -> cursors.deallocate(s);
      case UnlistenStatement s -> Commands.command(() -> "UNLISTEN");
      case AnalyzeStatement s -> Commands.command(() -> "ANALYZE");
      case VacuumStatement s -> Commands.command(() -> "VACUUM");
      case RefreshMaterializedViewStatement s -> new DefinitionStatements(session, text).refresh(s);
      case RefreshModelStatement s -> new DefinitionStatements(session, text).refresh(s);
      case ListenStatement s -> throw unsupported("LISTEN", s.channel().span());
      case NotifyStatement s -> throw unsupported("NOTIFY", s.channel().span());
      case SubscribeStatement s -> throw unsupported("SUBSCRIBE", null);
      case CheckMaterializedViewStatement s -> new CheckStatements(session).check(s);
    };
  }

  Prepared query(QueryStatement statement, List<SqlType> types) {
    return new QueryPrepared(
        session,
        () ->
            session.runtime().planner().planQuery(statement.query(), session.catalogView(), types));
  }

  static SqlException unsupported(String what, @org.jspecify.annotations.Nullable SourceSpan span) {
    return new SqlException(ErrorCode.FEATURE_NOT_SUPPORTED, what + " is not supported yet")
        .at(span);
  }

  /// The types of parameters that clients declare by OID.
  static final class ParameterTypes {
    private ParameterTypes() {}

    static SqlType of(int oid) {
      if (oid == 0) {
        return SimpleType.UNKNOWN;
      }
      for (SimpleType type : SimpleType.values()) {
        if (type.oid() == oid) {
          return type;
        }
        dev.aevum.model.type.ArrayType array = new dev.aevum.model.type.ArrayType(type);
        if (array.oid() == oid) {
          return array;
        }
      }
      return switch (oid) {
        case 1043 -> new dev.aevum.model.type.VarcharType(-1);
        case 1042 -> SimpleType.TEXT;
        case 1015 -> new dev.aevum.model.type.ArrayType(new dev.aevum.model.type.VarcharType(-1));
        default ->
            throw new SqlException(
                ErrorCode.UNDEFINED_OBJECT, "type with OID " + oid + " does not exist");
      };
    }
  }
}
