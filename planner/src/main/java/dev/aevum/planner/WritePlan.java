package dev.aevum.planner;

import dev.aevum.model.batch.Schema;
import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.QueryPlan;
import dev.aevum.planner.plan.WriteConflict;
import java.util.List;

/// INSERT, UPDATE or DELETE. `rows` gives what to write: for INSERT the new rows, with all columns
/// of the target in its order and types; for DELETE the old rows; for UPDATE the old row's columns,
/// then the new row's (an old row may come several times where FROM matches it more than once: the
/// first counts). NOT NULL and keys are for the writer to check.
///
/// `conflict` says what an INSERT does with a row whose key is there: with UPDATE, `rows` gives the
/// new row, the old row of that key (NULLs without), whether there is one, whether the condition of
/// DO UPDATE holds for it, and the row that it becomes. With NOTHING: new row, old row and whether
/// there is one.
///
/// @param returning the RETURNING list over the written row (INSERT and UPDATE: the new one,
///   DELETE: the old one); empty without
/// @param returningSchema its names and types
public record WritePlan(
    RelationInfo.Stored target,
    QueryPlan rows,
    WriteConflict conflict,
    List<Expr> returning,
    Schema returningSchema) {
  public WritePlan {
    returning = List.copyOf(returning);
  }
}
