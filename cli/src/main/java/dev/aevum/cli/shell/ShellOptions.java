package dev.aevum.cli.shell;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What `aevum sql` was asked to do.
///
/// @param url a JDBC or `postgresql://` URL, `HOST:PORT`, or null for the environment's (PGHOST,
///   PGPORT, PGUSER, PGDATABASE, PGPASSWORD)
/// @param commands statements to run instead of reading any
/// @param files scripts to run after them
/// @param csv results as CSV
/// @param historyFile where lines typed are kept; null keeps none
public record ShellOptions(
    @Nullable String url,
    List<String> commands,
    List<Path> files,
    boolean csv,
    @Nullable Path historyFile) {
  private static final String DEFAULT_PORT = "5433";

  public ShellOptions {
    commands = List.copyOf(commands);
    files = List.copyOf(files);
  }

  /// The JDBC URL to connect to.
  String jdbcUrl(Map<String, String> environment) {
    String given = url;
    if (given != null && given.startsWith("jdbc:")) {
      return given;
    }
    if (given != null && given.contains("://")) {
      return jdbcUrl(java.net.URI.create(given), environment);
    }
    String hostAndPort =
        given != null
            ? given
            : environment.getOrDefault("PGHOST", "127.0.0.1")
                + ":"
                + environment.getOrDefault("PGPORT", DEFAULT_PORT);
    return "jdbc:postgresql://"
        + hostAndPort
        + "/"
        + environment.getOrDefault("PGDATABASE", "aevum");
  }

  private static String jdbcUrl(java.net.URI uri, Map<String, String> environment) {
    int port =
        uri.getPort() < 0
            ? Integer.parseInt(environment.getOrDefault("PGPORT", DEFAULT_PORT))
            : uri.getPort();
    String path =
        uri.getRawPath() == null || uri.getRawPath().length() < 2
            ? "/" + environment.getOrDefault("PGDATABASE", "aevum")
            : uri.getRawPath();
    StringBuilder jdbc =
        new StringBuilder("jdbc:postgresql://")
            .append(uri.getHost())
            .append(':')
            .append(port)
            .append(path);
    char separator = '?';
    if (uri.getRawQuery() != null) {
      jdbc.append('?').append(uri.getRawQuery());
      separator = '&';
    }
    if (uri.getRawUserInfo() != null) {
      String[] user = uri.getRawUserInfo().split(":", 2);
      jdbc.append(separator).append("user=").append(user[0]);
      if (user.length > 1) {
        jdbc.append("&password=").append(user[1]);
      }
    }
    return jdbc.toString();
  }

  /// The user and password for a URL that names none.
  static java.util.Properties credentials(Map<String, String> environment, String systemUser) {
    java.util.Properties properties = new java.util.Properties();
    properties.setProperty("user", environment.getOrDefault("PGUSER", systemUser));
    String password = environment.get("PGPASSWORD");
    if (password != null) {
      properties.setProperty("password", password);
    }
    properties.setProperty("ApplicationName", "aevum sql");
    // Statements are sent as they are: no question mark is a parameter.
    properties.setProperty("preferQueryMode", "simple");
    return properties;
  }
}
