package dev.aevum.executor.pattern;

import java.util.List;

/// Which rows of their paths threads remember, so that conditions need not walk back: the first or
/// last row mapped to one of some variables.
///
/// @param registers what each register holds
/// @param reads per variable: the registers that its condition reads, as bits
/// @param opaque per variable: its condition looks at the path in other ways too
/// @param summed nodes know their [PathSums]
record PathRegisters(List<Register> registers, int[] reads, boolean[] opaque, boolean summed) {
  static final int MAX = 31;

  /// A register without a row.
  static final int NONE = Integer.MIN_VALUE;

  record Register(List<Integer> variables, boolean first) {}

  static PathRegisters none(int variables) {
    return new PathRegisters(List.of(), new int[variables], new boolean[variables], false);
  }

  PathRegisters {
    registers = List.copyOf(registers);
    reads = reads.clone();
    opaque = opaque.clone();
  }

  int count() {
    return registers.size();
  }

  /// Registers that mapping a row to `variable` sets whatever was in them, as bits.
  int overwrittenBy(int variable) {
    int bits = 0;
    for (int r = 0; r < registers.size(); r++) {
      Register register = registers.get(r);
      if (!register.first() && register.variables().contains(variable)) {
        bits |= 1 << r;
      }
    }
    return bits;
  }

  /// Registers that mapping a row to `variable` may set, as bits.
  int touchedBy(int variable) {
    int bits = 0;
    for (int r = 0; r < registers.size(); r++) {
      if (registers.get(r).variables().contains(variable)) {
        bits |= 1 << r;
      }
    }
    return bits;
  }
}
