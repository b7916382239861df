/// Exact numbers: [Int128], scaled integers of up to 38 digits as two longs without objects;
/// [PgNumeric], PostgreSQL's numeric with its display scales, NaN and infinities, as objects for
/// the slow path; [PowersOfTen]; and [DoubleSum], sums of doubles without rounding.
@NullMarked
package dev.aevum.executor.numeric;

import org.jspecify.annotations.NullMarked;
