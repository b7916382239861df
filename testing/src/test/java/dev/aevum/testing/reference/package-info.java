/// The oracles against examples worked out by hand.
@org.jspecify.annotations.NullMarked
package dev.aevum.testing.reference;
