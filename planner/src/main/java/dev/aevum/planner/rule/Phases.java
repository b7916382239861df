package dev.aevum.planner.rule;

import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.plan.Context;
import org.apache.calcite.plan.Contexts;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptSchema;
import org.apache.calcite.plan.hep.HepMatchOrder;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.rel.rules.FilterAggregateTransposeRule;
import org.apache.calcite.rel.rules.FilterMergeRule;
import org.apache.calcite.rel.rules.FilterProjectTransposeRule;
import org.apache.calcite.rel.rules.FilterSetOpTransposeRule;
import org.apache.calcite.rel.rules.ProjectMergeRule;
import org.apache.calcite.rel.rules.ProjectRemoveRule;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.tools.RelBuilderFactory;
import org.jspecify.annotations.Nullable;

/// The logical optimiser: always the same rules in the same order, because state is keyed by plan.
/// Sub-queries are gone and decorrelated before (`bind.SubqueryRemoval`, `bind.SemiJoins`); columns
/// are pruned after (`lower.ColumnPruning`), so that scans see what is needed. Calcite's
/// simplification is off: it does not know our operators' NULLs and errors.
public final class Phases {
  private static final RelBuilderFactory BUILDER =
      (cluster, schema) ->
          new FlatBuilder(
              Contexts.of(
                  RelBuilder.Config.DEFAULT
                      .withSimplify(false)
                      .withPruneInputOfAggregate(false)
                      .withBloat(-1)),
              cluster,
              schema);

  /// Makes conditions as Calcite wants them: an OR in an OR, as it comes of a projection that is
  /// put in, becomes one. A condition that never holds stays a filter: the plan still says which
  /// stream it is over, and by which time its rows are final.
  private static final class FlatBuilder extends RelBuilder {
    FlatBuilder(Context context, RelOptCluster cluster, @Nullable RelOptSchema schema) {
      super(context, cluster, schema);
    }

    @Override
    public RelBuilder filter(
        Iterable<CorrelationId> variablesSet, Iterable<? extends RexNode> predicates) {
      RexShuttle flatten =
          new RexShuttle() {
            @Override
            public RexNode visitCall(RexCall call) {
              return RexUtil.flatten(cluster.getRexBuilder(), super.visitCall(call));
            }
          };
      List<RexNode> flat = new ArrayList<>();
      predicates.forEach(p -> flat.add(p.accept(flatten)));
      RexNode condition = RexUtil.composeConjunction(cluster.getRexBuilder(), flat);
      return condition.isAlwaysTrue()
          ? this
          : push(LogicalFilter.create(build(), condition, ImmutableSet.copyOf(variablesSet)));
    }
  }

  /// Projections may be inlined while the result stays about this much larger.
  private static final int BLOAT = 100;

  /// The rules, in the order of their phases.
  public enum Rule {
    MERGE_FILTERS,
    PUSH_FILTER_BELOW_PROJECT,
    PUSH_FILTER_INTO_JOIN,
    PUSH_JOIN_CONDITION,
    PUSH_FILTER_BELOW_AGGREGATE,
    PUSH_FILTER_BELOW_SET_OPERATION,
    ORDER_JOINS,
    MERGE_PROJECTS,
    REMOVE_PROJECT
  }

  private final HepProgram pushFilters;
  private final HepProgram mergeProjections;
  private final boolean ordersJoins;

  public Phases() {
    this(Set.of());
  }

  /// Leaves rules out: what plans mean does not depend on any of them, which tests show.
  public Phases(Set<Rule> without) {
    this.pushFilters = program(HepMatchOrder.TOP_DOWN, pushFilters(), without);
    this.mergeProjections = program(HepMatchOrder.BOTTOM_UP, mergeProjections(), without);
    this.ordersJoins = !without.contains(Rule.ORDER_JOINS);
  }

  /// The same rows, computed earlier and with less.
  public RelNode optimise(RelNode root) {
    RelNode pushed = run(pushFilters, root);
    return run(mergeProjections, ordersJoins ? new JoinOrder().apply(pushed) : pushed);
  }

  private static RelNode run(HepProgram phase, RelNode root) {
    HepPlanner planner = new HepPlanner(phase);
    planner.setRoot(root);
    return planner.findBestExp();
  }

  /// Filters go down, through projections that may be repeated, into joins and below aggregates and
  /// unions.
  private static Map<Rule, RelOptRule> pushFilters() {
    Map<Rule, RelOptRule> rules = new LinkedHashMap<>();
    rules.put(
        Rule.MERGE_FILTERS, FilterMergeRule.Config.DEFAULT.withRelBuilderFactory(BUILDER).toRule());
    rules.put(
        Rule.PUSH_FILTER_BELOW_PROJECT,
        FilterProjectTransposeRule.Config.DEFAULT
            .withCopyFilter(false)
            .withOperandSupplier(filter ->
                filter
                    .operand(Filter.class)
                    .predicate(f -> RexUtil.isDeterministic(f.getCondition()))
                    .oneInput(project ->
                        project.operand(Project.class).predicate(Phases::isSteady).anyInputs()))
            .withRelBuilderFactory(BUILDER)
            .toRule());
    rules.put(
        Rule.PUSH_FILTER_INTO_JOIN,
        CoreRules.FILTER_INTO_JOIN.config.withRelBuilderFactory(BUILDER).toRule());
    rules.put(
        Rule.PUSH_JOIN_CONDITION,
        CoreRules.JOIN_CONDITION_PUSH.config.withRelBuilderFactory(BUILDER).toRule());
    rules.put(
        Rule.PUSH_FILTER_BELOW_AGGREGATE,
        FilterAggregateTransposeRule.Config.DEFAULT.withRelBuilderFactory(BUILDER).toRule());
    rules.put(
        Rule.PUSH_FILTER_BELOW_SET_OPERATION,
        FilterSetOpTransposeRule.Config.DEFAULT.withRelBuilderFactory(BUILDER).toRule());
    return rules;
  }

  private static Map<Rule, RelOptRule> mergeProjections() {
    Map<Rule, RelOptRule> rules = new LinkedHashMap<>();
    rules.put(
        Rule.MERGE_PROJECTS,
        ProjectMergeRule.Config.DEFAULT
            .withOperandSupplier(top ->
                top.operand(Project.class)
                    .oneInput(bottom ->
                        bottom.operand(Project.class).predicate(Phases::isSteady).anyInputs()))
            .as(ProjectMergeRule.Config.class)
            .withBloat(BLOAT)
            .withRelBuilderFactory(BUILDER)
            .toRule());
    rules.put(
        Rule.REMOVE_PROJECT,
        ProjectRemoveRule.Config.DEFAULT.withRelBuilderFactory(BUILDER).toRule());
    return rules;
  }

  private static boolean isSteady(Project project) {
    for (RexNode expression : project.getProjects()) {
      if (!RexUtil.isDeterministic(expression)) {
        return false;
      }
    }
    return true;
  }

  private static HepProgram program(
      HepMatchOrder order, Map<Rule, RelOptRule> rules, Set<Rule> without) {
    HepProgramBuilder builder = HepProgram.builder();
    builder.addMatchOrder(order);
    rules.keySet().removeAll(without);
    builder.addRuleCollection(rules.values());
    return builder.build();
  }
}
