package dev.aevum.wire.postgres;

import dev.aevum.engine.api.Database;
import dev.aevum.engine.api.Session;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.BufferAllocator;

/// A database that knows a dozen words, enough to see every path of the protocol: `BEGIN COMMIT
/// ROLLBACK`, `PUT x` and `GET` (a transactional list), `ROWS n` (n rows of integer, bigint, text),
/// `ECHO type,...` (its parameters as a row), `FAIL` (22012), `FAIL COMMIT`, `BUG`, `SLEEP`,
/// `WARN`, `SET name value`, `COPY IN`, `COPY OUT n`, `DEALLOCATE ALL`.
final class FakeDatabase implements Database {
  final List<String> committed = new CopyOnWriteArrayList<>();
  final AtomicInteger openSessions = new AtomicInteger();
  final AtomicInteger openPortals = new AtomicInteger();
  final AtomicLong rowsGiven = new AtomicLong();
  final Semaphore sleeping = new Semaphore(0);
  final AtomicInteger processIds = new AtomicInteger(100);
  final BufferAllocator allocator;

  FakeDatabase(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  @Override
  public Session openSession(String clientAddress, Map<String, String> startup) {
    if (startup.get("database").equals("nowhere")) {
      throw new SqlException(ErrorCode.INVALID_CATALOG_NAME, "database \"nowhere\" does not exist");
    }
    openSessions.incrementAndGet();
    return new FakeSession(this, startup);
  }

  @Override
  public void cancel(int processId, int key) {
    throw new UnsupportedOperationException("the server keeps its own list");
  }

  static SqlType type(String name) {
    if (name.endsWith("[]")) {
      return new ArrayType(type(name.substring(0, name.length() - 2)));
    }
    if (name.startsWith("numeric(")) {
      String[] digits = name.substring(8, name.length() - 1).split("/");
      return new DecimalType(Integer.parseInt(digits[0]), Integer.parseInt(digits[1]));
    }
    if (name.startsWith("varchar(")) {
      return new VarcharType(Integer.parseInt(name.substring(8, name.length() - 1)));
    }
    return SimpleType.valueOf(name.toUpperCase(Locale.ROOT));
  }
}
