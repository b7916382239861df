package dev.aevum.planner.rel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.PlanNode.JoinKind;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.type.RowType;
import dev.aevum.planner.type.RowTypeFactory;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalUnion;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.util.ImmutableBitSet;

/// Makes the relational nodes of one statement.
public final class Rels {
  private final RelOptCluster cluster;
  private final Rex rex;

  public Rels() {
    RexBuilder builder = new RexBuilder(new RowTypeFactory());
    cluster = RelOptCluster.create(new HepPlanner(HepProgram.builder().build()), builder);
    rex = new Rex(builder);
  }

  public Rex rex() {
    return rex;
  }

  public RelDataType rowType(List<? extends RelDataType> types, List<String> names) {
    return cluster.getTypeFactory().createStructType(new ArrayList<>(types), uniqueNames(names));
  }

  /// Field names must differ within a node; the names that a user sees are kept beside the tree.
  private static List<String> uniqueNames(List<String> names) {
    List<String> unique = new ArrayList<>(names.size());
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      unique.add(names.indexOf(name) == i ? name : name + "#" + i);
    }
    return unique;
  }

  public RelNode extension(Extension extension, List<RelNode> inputs, RelDataType rowType) {
    return new ExtensionRel(
        cluster, cluster.traitSetOf(Convention.NONE), extension, inputs, rowType);
  }

  public RelNode extension(Extension extension, RelNode input) {
    return extension(extension, List.of(input), input.getRowType());
  }

  /// One row without columns: what a SELECT without FROM reads.
  public RelNode oneRow() {
    return extension(
        new Extension.Values(List.of(List.of())), List.of(), rowType(List.of(), List.of()));
  }

  public RelNode filter(RelNode input, RexNode condition) {
    return condition.isAlwaysTrue()
        ? input
        : LogicalFilter.create(input, condition, ImmutableSet.of());
  }

  public RelNode project(RelNode input, List<? extends RexNode> expressions, List<String> names) {
    return LogicalProject.create(
        input, ImmutableList.of(), expressions, uniqueNames(names), ImmutableSet.of());
  }

  /// `input` with more columns behind.
  public RelNode append(RelNode input, List<? extends RexNode> expressions) {
    if (expressions.isEmpty()) {
      return input;
    }
    List<RexNode> all = new ArrayList<>(references(input));
    List<String> names = new ArrayList<>(input.getRowType().getFieldNames());
    for (RexNode expression : expressions) {
      names.add("$" + all.size());
      all.add(expression);
    }
    return project(input, all, names);
  }

  /// The first `count` columns.
  public RelNode firstColumns(RelNode input, int count) {
    return count == input.getRowType().getFieldCount()
        ? input
        : project(
            input,
            references(input).subList(0, count),
            input.getRowType().getFieldNames().subList(0, count));
  }

  public List<RexInputRef> references(RelNode input) {
    List<RexInputRef> refs = new ArrayList<>();
    for (RelDataTypeField field : input.getRowType().getFieldList()) {
      refs.add(new RexInputRef(field.getIndex(), field.getType()));
    }
    return refs;
  }

  public RexInputRef reference(RelNode input, int index) {
    return new RexInputRef(index, input.getRowType().getFieldList().get(index).getType());
  }

  public RelNode join(RelNode left, RelNode right, JoinKind kind, RexNode condition) {
    JoinRelType type =
        switch (kind) {
          case INNER -> JoinRelType.INNER;
          case LEFT -> JoinRelType.LEFT;
          case RIGHT -> JoinRelType.RIGHT;
          case FULL -> JoinRelType.FULL;
          case SEMI -> JoinRelType.SEMI;
          case ANTI -> JoinRelType.ANTI;
        };
    return LogicalJoin.create(left, right, ImmutableList.of(), condition, ImmutableSet.of(), type);
  }

  /// Grouped by the first `keys` columns of the input.
  public RelNode aggregate(RelNode input, int keys, List<AggregateCall> calls) {
    ImmutableBitSet group = ImmutableBitSet.range(keys);
    return LogicalAggregate.create(
        input, ImmutableList.of(), group, ImmutableList.of(group), calls);
  }

  public RelNode distinct(RelNode input) {
    return aggregate(input, input.getRowType().getFieldCount(), List.of());
  }

  public RelNode unionAll(List<RelNode> inputs) {
    return LogicalUnion.create(inputs, true);
  }

  /// The row type of `left` and `right` side by side; the right side takes NULLs where `outer`.
  public RelDataType concat(RelDataType left, RelDataType right, boolean outer) {
    List<RelDataType> types = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (RelDataTypeField field : left.getFieldList()) {
      types.add(field.getType());
      names.add(field.getName());
    }
    for (RelDataTypeField field : right.getFieldList()) {
      RelDataType type = field.getType();
      types.add(outer ? new RowType(RowType.of(type), true) : type);
      names.add(field.getName());
    }
    return rowType(types, names);
  }

  public static List<SqlType> types(RelNode node) {
    return node.getRowType().getFieldList().stream().map(f -> RowType.of(f.getType())).toList();
  }

  public static RelDataType bigint(boolean nullable) {
    return new RowType(SimpleType.BIGINT, nullable);
  }
}
