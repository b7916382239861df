package dev.aevum.executor.function;

import static dev.aevum.executor.function.FunctionDefinitions.ANY_ELEMENT;
import static dev.aevum.executor.function.FunctionDefinitions.exact;

import dev.aevum.model.type.SimpleType;
import java.util.List;

/// Functions that need OVER. The window operator evaluates them; here are their signatures.
final class WindowFunctions {
  private WindowFunctions() {}

  static void define(FunctionDefinitions f) {
    SimpleType bigint = SimpleType.BIGINT;
    rank(f, "row_number", bigint, "Number of the row in its partition, from 1.");
    rank(f, "rank", bigint, "Rank of the row, with gaps after equal rows.");
    rank(f, "dense_rank", bigint, "Rank of the row, without gaps.");
    rank(f, "percent_rank", SimpleType.DOUBLE, "Relative rank, from 0 to 1.");
    rank(
        f,
        "cume_dist",
        SimpleType.DOUBLE,
        "Share of the partition's rows up to this one and its equals.");
    f.define("ntile")
        .takes(SimpleType.INTEGER)
        .returns(SimpleType.INTEGER)
        .describe("The part, from 1, of an equal division of the partition that the row is in.")
        .example("ntile(4) OVER (ORDER BY x) -> 1")
        .overWindows();
    for (String name : List.of("lag", "lead")) {
      String way = name.equals("lag") ? "before" : "after";
      f.define(name)
          .takes(ANY_ELEMENT)
          .lenient()
          .describe("The value in the row " + way + "; NULL when there is none.")
          .example(name + "(x) OVER (ORDER BY x) -> NULL")
          .overWindows();
      f.define(name)
          .takes(ANY_ELEMENT, exact(SimpleType.INTEGER))
          .lenient()
          .describe("The value so many rows " + way + "; NULL when there is none.")
          .example(name + "(x, 2) OVER (ORDER BY x) -> NULL")
          .overWindows();
      f.define(name)
          .takes(ANY_ELEMENT, exact(SimpleType.INTEGER), ANY_ELEMENT)
          .lenient()
          .describe("The value so many rows " + way + ", or a default.")
          .example(name + "(x, 2, 0) OVER (ORDER BY x) -> 0")
          .overWindows();
    }
    for (String name : List.of("first_value", "last_value")) {
      f.define(name)
          .takes(ANY_ELEMENT)
          .lenient()
          .describe(
              "The value in the " + name.substring(0, name.indexOf('_')) + " row of the frame.")
          .example(name + "(x) OVER (ORDER BY x) -> 1")
          .overWindows();
    }
    f.define("nth_value")
        .takes(ANY_ELEMENT, exact(SimpleType.INTEGER))
        .lenient()
        .describe("The value in the n-th row of the frame; NULL when there is none.")
        .example("nth_value(x, 2) OVER (ORDER BY x) -> NULL")
        .overWindows();
  }

  private static void rank(
      FunctionDefinitions f, String name, SimpleType type, String description) {
    f.define(name)
        .returns(type)
        .describe(description)
        .example(name + "() OVER (ORDER BY x) -> 1")
        .overWindows();
  }
}
