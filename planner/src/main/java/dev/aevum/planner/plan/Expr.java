package dev.aevum.planner.plan;

import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.function.FunctionSignature;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A scalar expression over the columns of one input (for a join's residual: left columns, then
/// right ones). Types are final: every implicit cast is an explicit [Cast]. Operators (`+`, `=`,
/// `~`, `||`) are [Call]s of functions of that name.
///
/// Evaluation: strict in all operands unless said otherwise; [And], [Or], [Case] and [Coalesce]
/// evaluate an operand only for rows that need it, so that an operand's error counts only where
/// PostgreSQL would raise it.
public sealed interface Expr {
  SqlType type();

  boolean nullable();

  record ColumnRef(int index, SqlType type, boolean nullable) implements Expr {}

  /// `value` by type: Boolean; Long for smallint, integer, bigint, date, time, timestamps and
  /// OID-like types; BigDecimal for numerics; Double for real and double precision; String for
  /// text-like types; byte[] for bytea; [dev.aevum.model.type.IntervalValue] for interval;
  /// java.util.UUID; List of such values (with nulls) for arrays. Null is SQL NULL.
  record Literal(@Nullable Object value, SqlType type) implements Expr {
    @Override
    public boolean nullable() {
      return value == null;
    }
  }

  /// Statement parameter `$index`, 1-based; replaced by a [Literal] when the statement is bound.
  record Parameter(int index, SqlType type) implements Expr {
    @Override
    public boolean nullable() {
      return true;
    }
  }

  /// Column of the current left row of the enclosing [PlanNode.CorrelateNode] with that id; ad-hoc
  /// queries only.
  record OuterRef(int correlation, int index, SqlType type, boolean nullable) implements Expr {}

  record Call(FunctionSignature function, List<Expr> arguments, SqlType type, boolean nullable)
      implements Expr {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /// `explicit`: written by the user; then text is cut to the length of varchar(n) where an
  /// implicit (assignment) cast fails with 22001.
  record Cast(Expr operand, SqlType type, boolean nullable, boolean explicit) implements Expr {}

  record And(List<Expr> operands, boolean nullable) implements Expr {
    @Override
    public SqlType type() {
      return SimpleType.BOOLEAN;
    }
  }

  record Or(List<Expr> operands, boolean nullable) implements Expr {
    @Override
    public SqlType type() {
      return SimpleType.BOOLEAN;
    }
  }

  record Not(Expr operand) implements Expr {
    @Override
    public SqlType type() {
      return SimpleType.BOOLEAN;
    }

    @Override
    public boolean nullable() {
      return operand.nullable();
    }
  }

  record IsNull(Expr operand, boolean negated) implements Expr {
    @Override
    public SqlType type() {
      return SimpleType.BOOLEAN;
    }

    @Override
    public boolean nullable() {
      return false;
    }
  }

  /// IS [NOT] TRUE / FALSE.
  record IsBoolean(Expr operand, boolean value, boolean negated) implements Expr {
    @Override
    public SqlType type() {
      return SimpleType.BOOLEAN;
    }

    @Override
    public boolean nullable() {
      return false;
    }
  }

  /// IS [NOT] DISTINCT FROM; both sides have one type.
  record IsDistinct(Expr left, Expr right, boolean negated) implements Expr {
    @Override
    public SqlType type() {
      return SimpleType.BOOLEAN;
    }

    @Override
    public boolean nullable() {
      return false;
    }
  }

  record When(Expr condition, Expr result) {}

  /// Searched CASE; all results have the case's type.
  record Case(List<When> branches, Expr otherwise, SqlType type, boolean nullable) implements Expr {
    public Case {
      branches = List.copyOf(branches);
    }
  }

  record Coalesce(List<Expr> operands, SqlType type, boolean nullable) implements Expr {
    public Coalesce {
      operands = List.copyOf(operands);
    }
  }

  record ArrayConstructor(List<Expr> elements, ArrayType type) implements Expr {
    public ArrayConstructor {
      elements = List.copyOf(elements);
    }

    @Override
    public boolean nullable() {
      return false;
    }
  }

  /// A composite value of the elements.
  record CompositeConstructor(List<Expr> elements, CompositeType type) implements Expr {
    public CompositeConstructor {
      elements = List.copyOf(elements);
    }

    @Override
    public boolean nullable() {
      return false;
    }
  }

  /// Attribute `index` of a composite value.
  record AttributeOf(Expr operand, int index, SqlType type, boolean nullable) implements Expr {
    /// The attribute itself where the value has just been made.
    public Expr simplified() {
      return operand instanceof CompositeConstructor made ? made.elements().get(index) : this;
    }
  }

  /// `left comparison ANY (array)`, or ALL: `comparison` is a boolean function of (left's type, the
  /// element's type).
  record ArrayQuantified(
      Expr left, FunctionSignature comparison, Expr array, boolean all, boolean nullable)
      implements Expr {
    @Override
    public SqlType type() {
      return SimpleType.BOOLEAN;
    }
  }
}
