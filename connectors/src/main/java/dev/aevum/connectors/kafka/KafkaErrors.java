package dev.aevum.connectors.kafka;

import dev.aevum.connectors.option.ConnectorErrors;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The one place where errors of Kafka's client get their SQLSTATE and words.
final class KafkaErrors {
  private KafkaErrors() {}

  static SqlException unknownTopic(String topic, String brokers, Collection<String> topics) {
    String close = closeTopics(topic, topics);
    return ConnectorErrors.error(
        ErrorCode.UNDEFINED_OBJECT,
        "topic \"" + topic + "\" does not exist on " + brokers,
        close.isEmpty()
            ? "Create it first, or check the option topic."
            : "Did you mean " + close + "?");
  }

  private static String closeTopics(String topic, Collection<String> topics) {
    String lower = topic.toLowerCase(Locale.ROOT);
    String nearest = ConnectorErrors.closest(topic, topics);
    return topics.stream()
        .filter(t ->
            t.equals(nearest)
                || t.toLowerCase(Locale.ROOT).contains(lower)
                || lower.contains(t.toLowerCase(Locale.ROOT)))
        .sorted()
        .limit(5)
        .map(t -> "\"" + t + "\"")
        .reduce((a, b) -> a + ", " + b)
        .orElse("");
  }

  static SqlException unreachable(String brokers, @Nullable Throwable cause) {
    return new SqlException(
        ErrorCode.CONNECTION_FAILURE,
        "could not connect to Kafka at " + brokers,
        null,
        "Check the option brokers, and that the broker is running and reachable from the server.",
        null,
        cause);
  }

  /// Whether trying again can help.
  static boolean isRetriable(Throwable e) {
    return !(e instanceof ConfigException
        || e instanceof AuthenticationException
        || e instanceof AuthorizationException
        || e instanceof InvalidTopicException
        || isFenced(e));
  }

  /// Whether another producer with the same id has taken over.
  static boolean isFenced(Throwable e) {
    return e instanceof ProducerFencedException || e instanceof InvalidProducerEpochException;
  }

  static SqlException translate(Throwable thrown, String brokers) {
    Throwable e =
        thrown instanceof ExecutionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    return switch (e) {
      case SqlException sql -> sql;
      case TimeoutException timeout -> unreachable(brokers, timeout);
      case AuthenticationException denied ->
          error(ErrorCode.INVALID_AUTHORIZATION, "Kafka refused the login: ", denied);
      case AuthorizationException denied ->
          error(ErrorCode.INSUFFICIENT_PRIVILEGE, "Kafka refused access: ", denied);
      case ConfigException wrong ->
          error(ErrorCode.INVALID_PARAMETER_VALUE, "invalid Kafka property: ", wrong);
      case InvalidTopicException wrong ->
          error(ErrorCode.INVALID_PARAMETER_VALUE, "invalid topic: ", wrong);
      case RetriableException retriable ->
          error(ErrorCode.CONNECTION_FAILURE, "Kafka did not answer: ", retriable);
      case KafkaException kafka when kafka.getCause() instanceof ConfigException wrong ->
          error(ErrorCode.INVALID_PARAMETER_VALUE, "invalid Kafka property: ", wrong);
      default -> error(ErrorCode.SYSTEM_ERROR, "Kafka: ", e);
    };
  }

  private static SqlException error(ErrorCode code, String prefix, Throwable cause) {
    return ConnectorErrors.error(code, prefix + cause.getMessage(), null, cause);
  }
}
