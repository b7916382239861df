package dev.aevum.planner.rule;

import java.util.List;
import org.apache.calcite.plan.Contexts;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.hep.HepMatchOrder;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.rel.rules.FilterAggregateTransposeRule;
import org.apache.calcite.rel.rules.FilterMergeRule;
import org.apache.calcite.rel.rules.FilterProjectTransposeRule;
import org.apache.calcite.rel.rules.FilterSetOpTransposeRule;
import org.apache.calcite.rel.rules.ProjectMergeRule;
import org.apache.calcite.rel.rules.ProjectRemoveRule;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.tools.RelBuilderFactory;

/// The logical optimiser: always the same rules in the same order, because state is keyed by plan.
/// Sub-queries are gone and decorrelated before (`bind.SubqueryRemoval`, `bind.SemiJoins`); columns
/// are pruned after (`lower.ColumnPruning`), so that scans see what is needed. Calcite's
/// simplification is off: it does not know our operators' NULLs and errors.
public final class Phases {
  private static final RelBuilderFactory BUILDER =
      RelBuilder.proto(
          Contexts.of(
              RelBuilder.Config.DEFAULT
                  .withSimplify(false)
                  .withPruneInputOfAggregate(false)
                  .withBloat(-1)));

  /// Projections may be inlined while the result stays about this much larger.
  private static final int BLOAT = 100;

  private final HepProgram pushFilters = pushFilters();
  private final HepProgram mergeProjections = mergeProjections();

  /// The same rows, computed earlier and with less.
  public RelNode optimise(RelNode root) {
    return run(mergeProjections, new JoinOrder().apply(run(pushFilters, root)));
  }

  private static RelNode run(HepProgram phase, RelNode root) {
    HepPlanner planner = new HepPlanner(phase);
    planner.setRoot(root);
    return planner.findBestExp();
  }

  /// Filters go down, through projections that may be repeated, into joins and below aggregates and
  /// unions.
  private static HepProgram pushFilters() {
    return program(
        HepMatchOrder.TOP_DOWN,
        FilterMergeRule.Config.DEFAULT.withRelBuilderFactory(BUILDER).toRule(),
        FilterProjectTransposeRule.Config.DEFAULT
            .withOperandSupplier(filter ->
                filter
                    .operand(Filter.class)
                    .predicate(f -> RexUtil.isDeterministic(f.getCondition()))
                    .oneInput(project ->
                        project.operand(Project.class).predicate(Phases::isSteady).anyInputs()))
            .withRelBuilderFactory(BUILDER)
            .toRule(),
        CoreRules.FILTER_INTO_JOIN.config.withRelBuilderFactory(BUILDER).toRule(),
        CoreRules.JOIN_CONDITION_PUSH.config.withRelBuilderFactory(BUILDER).toRule(),
        FilterAggregateTransposeRule.Config.DEFAULT.withRelBuilderFactory(BUILDER).toRule(),
        FilterSetOpTransposeRule.Config.DEFAULT.withRelBuilderFactory(BUILDER).toRule());
  }

  private static HepProgram mergeProjections() {
    return program(
        HepMatchOrder.BOTTOM_UP,
        ProjectMergeRule.Config.DEFAULT
            .withOperandSupplier(top ->
                top.operand(Project.class)
                    .oneInput(bottom ->
                        bottom.operand(Project.class).predicate(Phases::isSteady).anyInputs()))
            .as(ProjectMergeRule.Config.class)
            .withBloat(BLOAT)
            .withRelBuilderFactory(BUILDER)
            .toRule(),
        ProjectRemoveRule.Config.DEFAULT.withRelBuilderFactory(BUILDER).toRule());
  }

  private static boolean isSteady(Project project) {
    for (RexNode expression : project.getProjects()) {
      if (!RexUtil.isDeterministic(expression)) {
        return false;
      }
    }
    return true;
  }

  private static HepProgram program(HepMatchOrder order, RelOptRule... rules) {
    HepProgramBuilder builder = HepProgram.builder();
    builder.addMatchOrder(order);
    builder.addRuleCollection(List.of(rules));
    return builder.build();
  }
}
