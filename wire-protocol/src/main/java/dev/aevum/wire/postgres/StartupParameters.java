package dev.aevum.wire.postgres;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.wire.postgres.message.Utf8Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The parameters of a StartupMessage.
///
/// @param settings `user`, `database` and settings, with those of `options` taken apart
/// @param unknownOptions protocol options (`_pq_.…`) that we do not know: all of them
record StartupParameters(Map<String, String> settings, List<String> unknownOptions) {
  /// Errors: 08P01 for a malformed packet, 28000 without a user, 42601 for bad `options`, 0A000 for
  /// replication.
  static StartupParameters parse(byte[] body) {
    Map<String, String> given = new LinkedHashMap<>();
    List<String> unknown = new ArrayList<>();
    String options = "";
    int at = 0;
    while (true) {
      String name = text(body, at);
      at += encodedLength(body, at);
      if (name.isEmpty()) {
        break;
      }
      String value = text(body, at);
      at += encodedLength(body, at);
      if (name.startsWith("_pq_.")) {
        unknown.add(name);
      } else if (name.equals("options")) {
        options = value;
      } else if (name.equals("replication")) {
        refuseReplication(value);
      } else {
        given.put(name, value);
      }
    }
    if (at != body.length) {
      throw malformed();
    }
    Map<String, String> settings = new LinkedHashMap<>();
    parseOptions(options, settings);
    settings.putAll(given);
    String user = settings.getOrDefault("user", "");
    if (user.isEmpty()) {
      throw new SqlException(
          ErrorCode.INVALID_AUTHORIZATION, "no PostgreSQL user name specified in startup packet");
    }
    if (settings.getOrDefault("database", "").isEmpty()) {
      settings.put("database", user);
    }
    return new StartupParameters(settings, unknown);
  }

  private static String text(byte[] body, int at) {
    return Utf8Text.decode(body, at, encodedLength(body, at) - 1);
  }

  /// Bytes of the string at `at` with its terminator.
  private static int encodedLength(byte[] body, int at) {
    for (int end = at; end < body.length; end++) {
      if (body[end] == 0) {
        return end - at + 1;
      }
    }
    throw malformed();
  }

  private static SqlException malformed() {
    return new SqlException(
        ErrorCode.PROTOCOL_VIOLATION,
        "invalid startup packet layout: expected terminator as last byte");
  }

  private static void refuseReplication(String value) {
    switch (value.toLowerCase(Locale.ROOT)) {
      case "false", "off", "no", "0" -> {}
      default ->
          throw new SqlException(
              ErrorCode.FEATURE_NOT_SUPPORTED, "replication connections are not supported");
    }
  }

  /// `-c name=value`, `-cname=value` and `--name=value`, separated by blanks; a backslash takes the
  /// next character as it is. Dashes in names stand for underscores.
  static void parseOptions(String options, Map<String, String> settings) {
    List<String> words = words(options);
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      String assignment;
      if (word.equals("-c") && i + 1 < words.size()) {
        assignment = words.get(++i);
      } else if (word.startsWith("-c") && word.length() > 2) {
        assignment = word.substring(2);
      } else if (word.startsWith("--") && word.length() > 2) {
        assignment = word.substring(2);
      } else {
        throw new SqlException(
            ErrorCode.SYNTAX_ERROR, "invalid command-line argument for server process: " + word);
      }
      int equals = assignment.indexOf('=');
      if (equals <= 0) {
        throw new SqlException(
            ErrorCode.SYNTAX_ERROR,
            word.startsWith("--")
                ? "--" + assignment + " requires a value"
                : "-c " + assignment + " requires a value");
      }
      settings.put(
          assignment.substring(0, equals).replace('-', '_'), assignment.substring(equals + 1));
    }
  }

  private static List<String> words(String options) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    for (int i = 0; i < options.length(); i++) {
      char c = options.charAt(i);
      if (c == '\\' && i + 1 < options.length()) {
        word.append(options.charAt(++i));
        inWord = true;
      } else if (c == ' ' || (c >= '\t' && c <= '\r')) {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
          inWord = false;
        }
      } else {
        word.append(c);
        inWord = true;
      }
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }
}
