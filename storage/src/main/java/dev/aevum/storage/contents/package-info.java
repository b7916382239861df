/// Contents of views, tables and kept streams: what reads see. A relation's contents are a *spine*:
/// immutable runs of (key, row, weight) sorted by bytes, one made at each step's seal, merged
/// geometrically in the background, over a [BaseStore] that holds what has left memory. A
/// [ContentsVersion] names the runs of every relation at one step; publishing a step is one
/// volatile write of the next version, so a reader sees all of a step or nothing of it, and takes
/// no lock.
@NullMarked
package dev.aevum.storage.contents;

import org.jspecify.annotations.NullMarked;
