/// Files as storage needs them: appended, synced, renamed, listed. Everything that must survive a
/// crash goes through [FileSystem], so that tests can crash between any two operations. RocksDB
/// keeps its own files.
@NullMarked
package dev.aevum.storage.file;

import org.jspecify.annotations.NullMarked;
