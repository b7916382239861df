package dev.aevum.executor.function;

import dev.aevum.executor.kernel.Kernel;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.plan.function.FunctionSignature.ArgumentType;
import dev.aevum.planner.plan.function.FunctionSignature.ConstantCheck;
import dev.aevum.planner.plan.function.FunctionSignature.Constants;
import dev.aevum.planner.plan.function.FunctionSignature.Kind;
import dev.aevum.planner.plan.function.FunctionSignature.ResultRule;
import dev.aevum.planner.plan.function.FunctionSignature.Volatility;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where families enter their functions:
/// `define("lower").takes(TEXT).returns(TEXT).describe(...).example(...).runs(kernel)`. Until told
/// otherwise a function is scalar, strict, immutable and cannot fail.
final class FunctionDefinitions {
  static final ArgumentType ANY = new ArgumentType.Any();
  static final ArgumentType ANY_ELEMENT = new ArgumentType.AnyElement();
  static final ArgumentType ANY_ARRAY = new ArgumentType.AnyArray();
  static final ArgumentType ANY_NUMERIC = new ArgumentType.AnyNumeric();

  private final List<FunctionEntry> entries = new ArrayList<>();

  FunctionRegistry build() {
    return new FunctionRegistry(entries);
  }

  Definition define(String name) {
    return new Definition(name);
  }

  static ArgumentType exact(SqlType type) {
    return new ArgumentType.Exact(type);
  }

  /// One entry in the making; a `runs...` call enters it.
  final class Definition {
    private final String name;
    private List<ArgumentType> arguments = List.of();
    private boolean variadic;
    private ResultRule result = actual -> actual.get(0);
    private boolean strict = true;
    private Volatility volatility = Volatility.IMMUTABLE;
    private boolean mayFail;
    private String description = "";
    private String example = "";
    private @Nullable Constants constants;

    private Definition(String name) {
      this.name = name;
    }

    Definition takes(SqlType... types) {
      List<ArgumentType> list = new ArrayList<>();
      for (SqlType t : types) {
        list.add(exact(t));
      }
      arguments = list;
      return this;
    }

    Definition takes(ArgumentType... types) {
      arguments = List.of(types);
      return this;
    }

    /// Which arguments are constants, by name, with "" for the others; see
    /// [FunctionSignature.Constants].
    Definition constants(List<String> names, ConstantCheck check) {
      constants = new Constants(names, check);
      return this;
    }

    Definition variadic() {
      variadic = true;
      return this;
    }

    Definition returns(SqlType type) {
      result = actual -> type;
      return this;
    }

    /// The default rule: the type of the first argument.
    Definition returns(ResultRule rule) {
      result = rule;
      return this;
    }

    /// Sees NULL arguments.
    Definition lenient() {
      strict = false;
      return this;
    }

    Definition stable() {
      volatility = Volatility.STABLE;
      return this;
    }

    Definition unstable() {
      volatility = Volatility.VOLATILE;
      return this;
    }

    Definition mayFail() {
      mayFail = true;
      return this;
    }

    Definition describe(String sentence) {
      description = sentence;
      return this;
    }

    Definition example(String text) {
      example = text;
      return this;
    }

    void runs(Kernel kernel) {
      runs((types, type) -> kernel);
    }

    void runs(KernelFactory factory) {
      entries.add(new FunctionEntry.Scalar(signature(Kind.SCALAR), factory));
    }

    void aggregates(FunctionEntry.AggregateFactory factory) {
      aggregatesWith((types, none, type) -> factory.bind(types, type));
    }

    void aggregatesWith(FunctionEntry.ConstantFactory factory) {
      entries.add(new FunctionEntry.Aggregate(signature(Kind.AGGREGATE), factory));
    }

    void returnsSet(FunctionEntry.SetFactory factory) {
      entries.add(new FunctionEntry.SetReturning(signature(Kind.SET_RETURNING), factory));
    }

    void overWindows() {
      entries.add(new FunctionEntry.Window(signature(Kind.WINDOW)));
    }

    private FunctionSignature signature(Kind kind) {
      return new FunctionSignature(
          name,
          kind,
          arguments,
          variadic,
          result,
          strict,
          volatility,
          mayFail,
          description,
          example,
          constants,
          null);
    }
  }
}
