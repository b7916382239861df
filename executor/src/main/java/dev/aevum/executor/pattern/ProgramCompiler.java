package dev.aevum.executor.pattern;

import dev.aevum.executor.pattern.Program.CountedLoop;
import dev.aevum.executor.pattern.Program.Permutation;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.planner.plan.Pattern;
import dev.aevum.planner.plan.Pattern.Quantified;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Compiles a [Pattern].
///
/// Quantifiers are written out up to 64 iterations, counted beyond. The least number of iterations
/// runs whatever they take; of the others, one that takes no row ends the loop.
final class ProgramCompiler {
  private static final int MAX_WRITTEN_OUT = 64;
  private static final int MAX_WRITTEN_SIZE = 2048;
  private static final int MAX_SIZE = 1 << 16;
  private static final int MAX_PERMUTED = 16;

  private int[] op = new int[64];
  private int[] a = new int[64];
  private int[] b = new int[64];
  private int size;
  private final List<CountedLoop> loops = new ArrayList<>();
  private final List<Permutation> permutations = new ArrayList<>();
  private int slots;
  private int depth;
  private int deepest;
  private boolean excluded;

  private ProgramCompiler() {}

  /// Errors: 54000 for a pattern that is too large.
  static Program compile(Pattern pattern) {
    return compile(pattern, -1);
  }

  /// `passed`: the variable of rows that may come before the match, as few as possible; -1: the
  /// match begins where it is searched from.
  static Program compile(Pattern pattern, int passed) {
    ProgramCompiler c = new ProgramCompiler();
    if (passed >= 0) {
      c.emit(new Quantified(new Pattern.Variable(passed), 0, Quantified.UNBOUNDED, true));
    }
    c.emit(pattern);
    c.add(Program.DONE, 0, 0);
    return new Program(
        Arrays.copyOf(c.op, c.size),
        Arrays.copyOf(c.a, c.size),
        Arrays.copyOf(c.b, c.size),
        c.loops,
        c.permutations,
        c.slots,
        c.deepest,
        passed);
  }

  private int add(int code, int first, int second) {
    if (size == MAX_SIZE) {
      throw new SqlException(ErrorCode.PROGRAM_LIMIT_EXCEEDED, "row pattern is too large")
          .withHint("Use smaller numbers of repetitions, or fewer of them inside of each other.");
    }
    if (size == op.length) {
      op = Arrays.copyOf(op, size * 2);
      a = Arrays.copyOf(a, size * 2);
      b = Arrays.copyOf(b, size * 2);
    }
    op[size] = code;
    a[size] = first;
    b[size] = second;
    return size++;
  }

  private void emit(Pattern pattern) {
    switch (pattern) {
      case Pattern.Variable v -> add(Program.LABEL, v.variable(), excluded ? 1 : 0);
      case Pattern.Empty e -> {}
      case Pattern.Concatenation c -> c.parts().forEach(this::emit);
      case Pattern.Alternation alternation -> alternation(alternation.branches());
      case Quantified q -> quantified(q);
      case Pattern.Permutation p -> permutation(p.parts());
      case Pattern.Exclusion e -> {
        boolean before = excluded;
        excluded = true;
        emit(e.operand());
        excluded = before;
      }
      case Pattern.PartitionStart s -> add(Program.START, 0, 0);
      case Pattern.PartitionEnd e -> add(Program.END, 0, 0);
    }
  }

  private void alternation(List<Pattern> branches) {
    List<Integer> exits = new ArrayList<>();
    for (int i = 0; i < branches.size(); i++) {
      boolean last = i == branches.size() - 1;
      int split = last ? -1 : add(Program.SPLIT, size + 1, 0);
      emit(branches.get(i));
      if (!last) {
        exits.add(add(Program.JUMP, 0, 0));
        b[split] = size;
      }
    }
    exits.forEach(e -> a[e] = size);
  }

  private void quantified(Quantified q) {
    int max = q.max();
    if (max == 0) {
      return;
    }
    int written = max == Quantified.UNBOUNDED ? q.min() : max;
    int each = sizeOf(q.operand());
    if (written > MAX_WRITTEN_OUT || written > 2 && (long) written * each > MAX_WRITTEN_SIZE) {
      counted(q);
      return;
    }
    boolean nullable = isNullable(q.operand());
    if (max == Quantified.UNBOUNDED && q.min() > 0 && !nullable) {
      for (int i = 1; i < q.min(); i++) {
        emit(q.operand());
      }
      int body = size;
      emit(q.operand());
      int split = add(Program.SPLIT, 0, 0);
      aim(split, q.reluctant(), body, size);
      return;
    }
    for (int i = 0; i < q.min(); i++) {
      emit(q.operand());
    }
    optional(q, nullable);
  }

  /// The iterations beyond the least number.
  private void optional(Quantified q, boolean nullable) {
    boolean unbounded = q.max() == Quantified.UNBOUNDED;
    int copies = unbounded ? 1 : q.max() - q.min();
    if (copies == 0) {
      return;
    }
    int level = depth;
    if (nullable) {
      depth++;
      deepest = Math.max(deepest, depth);
    }
    List<Integer> splits = new ArrayList<>();
    List<Integer> checks = new ArrayList<>();
    int first = size;
    for (int i = 0; i < copies; i++) {
      splits.add(add(Program.SPLIT, 0, size + 1));
      if (nullable) {
        add(Program.MARK, level, 0);
      }
      emit(q.operand());
      if (nullable) {
        checks.add(add(Program.CHECK, level, 0));
      }
    }
    if (unbounded) {
      add(Program.JUMP, first, 0);
    }
    int exit = size;
    splits.forEach(s -> aim(s, q.reluctant(), s + 1, exit));
    checks.forEach(c -> b[c] = exit);
    if (nullable) {
      add(Program.LEAVE, level, 0);
      depth--;
    }
  }

  private void aim(int split, boolean reluctant, int body, int exit) {
    a[split] = reluctant ? exit : body;
    b[split] = reluctant ? body : exit;
  }

  private void counted(Quantified q) {
    int slot = slots++;
    int level = depth;
    boolean nullable = isNullable(q.operand());
    if (nullable) {
      depth++;
      deepest = Math.max(deepest, depth);
    }
    int loop = loops.size();
    loops.add(new CountedLoop(slot, 0, 0, false, 0, 0));
    int head = add(Program.COUNT, loop, 0);
    int body = size;
    if (nullable) {
      add(Program.MARK, level, 0);
    }
    emit(q.operand());
    if (nullable) {
      add(Program.COUNT_CHECK, level, loop);
    }
    add(Program.JUMP, head, 0);
    loops.set(loop, new CountedLoop(slot, q.min(), q.max(), q.reluctant(), body, size));
    if (nullable) {
      add(Program.LEAVE, level, 0);
      depth--;
    }
  }

  private void permutation(List<Pattern> parts) {
    if (parts.size() > MAX_PERMUTED) {
      throw new SqlException(
          ErrorCode.PROGRAM_LIMIT_EXCEEDED, "PERMUTE takes at most " + MAX_PERMUTED + " patterns");
    }
    int index = permutations.size();
    int slot = slots++;
    permutations.add(new Permutation(slot, List.of(), 0));
    int head = add(Program.PERMUTE, index, 0);
    List<Integer> begins = new ArrayList<>();
    for (Pattern part : parts) {
      begins.add(size);
      emit(part);
      add(Program.JUMP, head, 0);
    }
    permutations.set(index, new Permutation(slot, List.copyOf(begins), size));
  }

  static boolean isNullable(Pattern pattern) {
    return switch (pattern) {
      case Pattern.Variable v -> false;
      case Pattern.Empty e -> true;
      case Pattern.Concatenation c -> c.parts().stream().allMatch(ProgramCompiler::isNullable);
      case Pattern.Alternation c -> c.branches().stream().anyMatch(ProgramCompiler::isNullable);
      case Quantified q -> q.min() == 0 || isNullable(q.operand());
      case Pattern.Permutation p -> p.parts().stream().allMatch(ProgramCompiler::isNullable);
      case Pattern.Exclusion e -> isNullable(e.operand());
      case Pattern.PartitionStart s -> true;
      case Pattern.PartitionEnd e -> true;
    };
  }

  /// About how many instructions a pattern takes when written out once.
  private static int sizeOf(Pattern pattern) {
    return switch (pattern) {
      case Pattern.Variable v -> 1;
      case Pattern.Empty e -> 0;
      case Pattern.Concatenation c -> sizeOf(c.parts());
      case Pattern.Alternation c -> sizeOf(c.branches()) + 2 * c.branches().size();
      case Quantified q -> {
        long copies = q.max() == Quantified.UNBOUNDED ? q.min() + 1L : q.max();
        long whole = copies * (sizeOf(q.operand()) + 3L);
        yield (int) Math.min(whole, MAX_SIZE);
      }
      case Pattern.Permutation p -> sizeOf(p.parts()) + p.parts().size();
      case Pattern.Exclusion e -> sizeOf(e.operand());
      case Pattern.PartitionStart s -> 1;
      case Pattern.PartitionEnd e -> 1;
    };
  }

  private static int sizeOf(List<Pattern> parts) {
    long sum = 0;
    for (Pattern p : parts) {
      sum += sizeOf(p);
    }
    return (int) Math.min(sum, MAX_SIZE);
  }
}
