package dev.aevum.planner.bind;

import dev.aevum.model.error.SourceSpan;
import dev.aevum.planner.catalog.CatalogView;
import dev.aevum.planner.rel.Rels;
import dev.aevum.planner.rex.Rex;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// What all binders of one statement share. Used by one thread.
final class BindContext {
  /// How a column was written, for errors that come later than its binding.
  record ColumnUse(String shown, @Nullable SourceSpan span) {}

  private final CatalogView catalog;
  private final Rels rels;
  private final Parameters parameters;
  private final boolean view;
  private final Function<String, SqlNode> parser;
  private final Map<RexNode, ColumnUse> uses;
  private final int[] correlations;
  private final int depth;

  BindContext(
      CatalogView catalog, Parameters parameters, boolean view, Function<String, SqlNode> parser) {
    this(catalog, new Rels(), parameters, view, parser, new IdentityHashMap<>(), new int[1], 0);
  }

  private BindContext(
      CatalogView catalog,
      Rels rels,
      Parameters parameters,
      boolean view,
      Function<String, SqlNode> parser,
      Map<RexNode, ColumnUse> uses,
      int[] correlations,
      int depth) {
    this.catalog = catalog;
    this.rels = rels;
    this.parameters = parameters;
    this.view = view;
    this.parser = parser;
    this.uses = uses;
    this.correlations = correlations;
    this.depth = depth;
  }

  /// The context in which a logical view's query is bound.
  BindContext inside(CatalogView otherCatalog) {
    return new BindContext(
        otherCatalog, rels, parameters, view, parser, uses, correlations, depth + 1);
  }

  /// How many logical views enclose what is being bound.
  int depth() {
    return depth;
  }

  CatalogView catalog() {
    return catalog;
  }

  Rels rels() {
    return rels;
  }

  Rex rex() {
    return rels.rex();
  }

  Parameters parameters() {
    return parameters;
  }

  /// Whether the statement defines a materialized view.
  boolean isView() {
    return view;
  }

  SqlNode parseQuery(String text) {
    return parser.apply(text);
  }

  int nextCorrelation() {
    return correlations[0]++;
  }

  void note(RexNode reference, String shown, @Nullable SourceSpan span) {
    uses.put(reference, new ColumnUse(shown, span));
  }

  @Nullable ColumnUse use(RexNode reference) {
    return uses.get(reference);
  }
}
