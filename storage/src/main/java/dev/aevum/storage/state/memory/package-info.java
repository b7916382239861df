/// Hot state: the tables of [dev.aevum.storage.state] off heap, in memory of a worker's Arrow
/// allocator. *Entries* lie in an [Arena] and are named by their address; a table finds them by an
/// [AddressIndex] (hash) or a [ByteTree] (order). A table keeps the addresses of entries touched in
/// the step.
@NullMarked
package dev.aevum.storage.state.memory;

import org.jspecify.annotations.NullMarked;
