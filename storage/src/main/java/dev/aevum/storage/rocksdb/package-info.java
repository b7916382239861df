/// What has left memory: RocksDB with the column families `state` (operator state), `view`
/// (contents) and `meta` (the step and manifest up to which the others are), written without its
/// log and flushed together. The only place that knows RocksDB.
@NullMarked
package dev.aevum.storage.rocksdb;

import org.jspecify.annotations.NullMarked;
