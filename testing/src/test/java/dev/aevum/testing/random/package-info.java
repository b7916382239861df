/// Tests of the generators' own bookkeeping.
@org.jspecify.annotations.NullMarked
package dev.aevum.testing.random;
