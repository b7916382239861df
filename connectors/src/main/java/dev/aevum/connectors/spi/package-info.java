/// The contract between connectors and the engine: [Connector] checks options and opens
/// [SourceReader]s and [SinkWriter]s. A connector never stops the process: what goes wrong is a
/// [dev.aevum.model.error.SqlException] at CREATE, or a visible state with a reason, retried.
@NullMarked
package dev.aevum.connectors.spi;

import org.jspecify.annotations.NullMarked;
