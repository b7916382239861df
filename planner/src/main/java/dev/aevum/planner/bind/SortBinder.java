package dev.aevum.planner.bind;

import dev.aevum.parser.tree.SortItemNode;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.plan.SortKey;
import org.jspecify.annotations.Nullable;

/// ORDER BY items to sort keys.
final class SortBinder {
  private SortBinder() {}

  static SortKey key(SortItemNode item, int column) {
    boolean descending = item.descending();
    @Nullable String using = item.usingOperator();
    if (using != null) {
      descending =
          switch (using) {
            case "<" -> false;
            case ">" -> true;
            default ->
                throw StatementErrors.unsupported("ORDER BY ... USING " + using, item.span());
          };
    }
    @Nullable Boolean nullsFirst = item.nullsFirst();
    return new SortKey(column, descending, nullsFirst == null ? descending : nullsFirst);
  }
}
