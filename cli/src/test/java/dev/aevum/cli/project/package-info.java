/// The project as a whole: who may use whom, sizes of files, and documents that have to be true.
@NullMarked
package dev.aevum.cli.project;

import org.jspecify.annotations.NullMarked;
