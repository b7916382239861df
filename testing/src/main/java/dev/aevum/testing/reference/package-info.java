/// What a plan means, written the slow and obvious way over boxed rows: the oracle of the laws.
/// Nothing here is shared with the operators and kernels of the executor; only types, errors and
/// the text forms (which have tests of their own against PostgreSQL) come from `model`.
@NullMarked
package dev.aevum.testing.reference;

import org.jspecify.annotations.NullMarked;
