/// Storage of a whole server behind one interface: [Storage] commits steps, opens state and reads
/// contents. [DurableStorage] does it in a data folder (step log, then RocksDB in the background);
/// [VolatileStorage] without any file.
@NullMarked
package dev.aevum.storage.durable;

import org.jspecify.annotations.NullMarked;
