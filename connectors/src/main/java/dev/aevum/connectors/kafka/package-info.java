/// Apache Kafka as source and sink: the only place that knows its client.
/// [dev.aevum.connectors.kafka.KafkaReader] reads all partitions of a topic,
/// [dev.aevum.connectors.kafka.KafkaSink] writes each step as one transaction,
/// [dev.aevum.connectors.kafka.KafkaErrors] puts the client's errors into words.
@NullMarked
package dev.aevum.connectors.kafka;

import org.jspecify.annotations.NullMarked;
