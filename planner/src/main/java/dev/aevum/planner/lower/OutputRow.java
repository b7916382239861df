package dev.aevum.planner.lower;

import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.planner.plan.PlanNode;
import java.util.ArrayList;
import java.util.List;

/// The root of a plan: its columns have the names that the user sees.
final class OutputRow {
  private OutputRow() {}

  static PlanNode named(PlanNode root, List<String> names) {
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      Field field = root.schema().field(i);
      fields.add(new Field(names.get(i), field.type(), field.nullable()));
    }
    Schema schema = new Schema(fields);
    return PlanNodes.withSchema(root, schema);
  }
}
