package dev.aevum.planner.rel;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.AbstractRelNode;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.type.RelDataType;

/// A relational node that is an [Extension]. Its row type is given and does not change with its
/// inputs.
public final class ExtensionRel extends AbstractRelNode {
  private final Extension extension;
  private final List<RelNode> inputs;

  public ExtensionRel(
      RelOptCluster cluster,
      RelTraitSet traits,
      Extension extension,
      List<RelNode> inputs,
      RelDataType rowType) {
    super(cluster, traits);
    this.extension = extension;
    this.inputs = new ArrayList<>(inputs);
    this.rowType = rowType;
  }

  public Extension extension() {
    return extension;
  }

  @Override
  public List<RelNode> getInputs() {
    return List.copyOf(inputs);
  }

  @Override
  public void replaceInput(int ordinal, RelNode input) {
    inputs.set(ordinal, input);
    recomputeDigest();
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> newInputs) {
    return new ExtensionRel(getCluster(), traits, extension, newInputs, getRowType());
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    super.explainTerms(writer);
    for (int i = 0; i < inputs.size(); i++) {
      writer.input("input" + i, inputs.get(i));
    }
    return writer.item("extension", extension);
  }
}
