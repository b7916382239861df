/// Files as sources and sinks. [dev.aevum.connectors.file.FileReader] reads the files of a glob row
/// by row, once or following them; [dev.aevum.connectors.file.FileSink] appends the changes of
/// steps with a mark beside the file, so that a crash neither loses nor repeats one.
@NullMarked
package dev.aevum.connectors.file;

import org.jspecify.annotations.NullMarked;
