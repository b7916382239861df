package dev.aevum.engine.session;

import dev.aevum.engine.api.Database;
import dev.aevum.engine.api.Session;
import dev.aevum.engine.name.CatalogNames;
import dev.aevum.engine.runtime.DatabaseRuntime;
import dev.aevum.engine.system.RunningState.SessionState;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Opens sessions of a database and knows those that are open. Thread-safe.
public final class SessionRegistry implements Database {
  private static final int MAX_SESSIONS = 1000;
  private static final Set<String> NOT_SETTINGS =
      Set.of("user", "database", "options", "replication");

  private final DatabaseRuntime runtime;
  private final Map<Integer, SessionImpl> sessions = new ConcurrentHashMap<>();
  private final AtomicInteger nextProcess = new AtomicInteger(1);
  private final Random keys;

  public SessionRegistry(DatabaseRuntime runtime) {
    this.runtime = runtime;
    this.keys = new Random(runtime.config().seed());
  }

  @Override
  public Session openSession(String clientAddress, Map<String, String> startup) {
    String user = startup.getOrDefault("user", "");
    if (user.isEmpty()) {
      throw new SqlException(
          ErrorCode.INVALID_AUTHORIZATION, "no PostgreSQL user name specified in startup packet");
    }
    String database = startup.getOrDefault("database", user);
    if (!database.equals(CatalogNames.DATABASE)
        && !database.equals("postgres")
        && !database.equals(user)) {
      throw new SqlException(
              ErrorCode.INVALID_CATALOG_NAME, "database \"" + database + "\" does not exist")
          .withHint("The database is \"" + CatalogNames.DATABASE + "\".");
    }
    if (sessions.size() >= MAX_SESSIONS) {
      throw new SqlException(ErrorCode.TOO_MANY_CONNECTIONS, "sorry, too many clients already");
    }
    int processId = nextProcess.getAndIncrement();
    SessionImpl session = new SessionImpl(runtime, this, processId, nextKey(), user, clientAddress);
    try {
      startup.forEach((name, value) -> {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!NOT_SETTINGS.contains(lower) && !lower.startsWith("_pq_.")) {
          session.settings().setAtStartup(name, value);
        }
      });
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
    sessions.put(processId, session);
    return session;
  }

  private int nextKey() {
    synchronized (keys) {
      return keys.nextInt();
    }
  }

  @Override
  public void cancel(int processId, int key) {
    SessionImpl session = sessions.get(processId);
    if (session != null && session.cancelKey() == key) {
      session.cancel();
    }
  }

  void remove(SessionImpl session) {
    sessions.remove(session.processId());
  }

  List<SessionState> states() {
    List<SessionState> states = new ArrayList<>();
    sessions.values().forEach(s -> states.add(s.state()));
    return states;
  }
}
