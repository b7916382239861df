/// SQL types. [SqlType] is the closed family; [PhysicalType] says how values of a type lie in a
/// column.
@NullMarked
package dev.aevum.model.type;

import org.jspecify.annotations.NullMarked;
