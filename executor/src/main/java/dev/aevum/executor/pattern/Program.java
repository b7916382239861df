package dev.aevum.executor.pattern;

import java.util.List;

/// A compiled pattern. Immutable.
///
/// A thread stands at an instruction; following instructions other than LABEL costs no row. Besides
/// its place it has *slots* (counters and bit sets, 0 outside of their loop) and, while
/// instructions are followed at one position, the *fresh* depth: loops over operands that can match
/// no row are numbered by nesting, and the iterations of loops at or below that depth began at this
/// very position.
final class Program {
  /// Takes a row that satisfies variable `a`; `b` is 1 inside of an exclusion.
  static final int LABEL = 0;

  /// Goes on at `a`, less preferred at `b`.
  static final int SPLIT = 1;

  static final int JUMP = 2;
  static final int START = 3;
  static final int END = 4;

  /// An iteration of the loop at depth `a` begins.
  static final int MARK = 5;

  /// An iteration of the loop at depth `a` ends: at `b` when it took no row.
  static final int CHECK = 6;

  /// The loop at depth `a` is left.
  static final int LEAVE = 7;

  /// Between iterations of counted loop `a`.
  static final int COUNT = 8;

  /// As CHECK for counted loop `b`, whose first `min` iterations run whatever they take.
  static final int COUNT_CHECK = 9;

  /// Picks the next part of permutation `a`.
  static final int PERMUTE = 10;

  static final int DONE = 11;

  /// A loop by counter; `max` -1: unbounded, then the counter stays at `min`.
  record CountedLoop(int slot, int min, int max, boolean reluctant, int body, int exit) {}

  /// `parts`: where each part begins; its end jumps back to the PERMUTE.
  record Permutation(int slot, List<Integer> parts, int exit) {}

  final int[] op;
  final int[] a;
  final int[] b;
  final List<CountedLoop> loops;
  final List<Permutation> permutations;
  final int slots;

  /// Nullable loops nested at most this deep.
  final int depth;

  /// `$` occurs: what is reached after a row is known only with the next row or the end.
  final boolean hasEnd;

  /// What a thread reaches without a row does not depend on the thread or the position.
  final boolean fixed;

  /// The variable of rows that a search passes before the match begins, -1 for none.
  final int passed;

  Program(
      int[] op,
      int[] a,
      int[] b,
      List<CountedLoop> loops,
      List<Permutation> permutations,
      int slots,
      int depth,
      int passed) {
    this.op = op;
    this.a = a;
    this.b = b;
    this.loops = List.copyOf(loops);
    this.permutations = List.copyOf(permutations);
    this.slots = slots;
    this.depth = depth;
    this.passed = passed;
    boolean end = false;
    boolean start = false;
    for (int o : op) {
      end |= o == END;
      start |= o == START;
    }
    this.hasEnd = end;
    this.fixed = !end && !start && slots == 0;
  }

  int size() {
    return op.length;
  }

  /// The variable of a LABEL as the pattern knows it: -1 for a row before the match.
  int mapped(int pc) {
    return a[pc] == passed ? -1 : a[pc];
  }

  int variable(int pc) {
    return a[pc];
  }

  boolean isExcluded(int pc) {
    return b[pc] != 0;
  }
}
