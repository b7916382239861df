/// A real Kafka broker for tests, in a process of its own from Maven artifacts, on free ports, that
/// can be stopped, killed and restarted on the same data: [dev.aevum.testing.kafka.KafkaBroker].
@NullMarked
package dev.aevum.testing.kafka;

import org.jspecify.annotations.NullMarked;
