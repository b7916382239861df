package dev.aevum.executor.function;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// PostgreSQL's key words that are more than plain names, with their `catcode` in pg_get_keywords:
/// R reserved, T reserved but usable as function or type, C not usable as function or type. All
/// others are unreserved.
final class Keywords {
  private static final Map<String, Character> CATEGORIES = categories();

  private Keywords() {}

  /// True when a name must be quoted.
  static boolean isReserved(String name) {
    return CATEGORIES.containsKey(name);
  }

  /// Word to category, in alphabetical order.
  static Map<String, Character> all() {
    return CATEGORIES;
  }

  static String description(char category) {
    return switch (category) {
      case 'R' -> "reserved";
      case 'T' -> "reserved (can be function or type name)";
      default -> "unreserved (cannot be function or type name)";
    };
  }

  private static Map<String, Character> categories() {
    Map<String, Character> all = new TreeMap<>();
    put(
        all,
        'R',
        "all analyse analyze and any array as asc asymmetric both case cast check collate column constraint"
            + " create current_catalog current_date current_role current_time current_timestamp current_user"
            + " default deferrable desc distinct do else end except false fetch for foreign from grant group"
            + " having in initially intersect into lateral leading limit localtime localtimestamp not null"
            + " offset on only or order placing primary references returning select session_user some"
            + " symmetric system_user table then to trailing true union unique user using variadic when where"
            + " window with");
    put(
        all,
        'T',
        "authorization binary collation concurrently cross current_schema freeze full ilike inner is isnull"
            + " join left like natural notnull outer overlaps right similar tablesample verbose");
    put(
        all,
        'C',
        "between bigint bit boolean char character coalesce dec decimal exists extract float greatest grouping"
            + " inout int integer interval json json_array json_arrayagg json_exists json_object"
            + " json_objectagg json_query json_scalar json_serialize json_table json_value least merge_action"
            + " national nchar none normalize nullif numeric out overlay position precision real row setof"
            + " smallint substring time timestamp treat trim values varchar xmlattributes xmlconcat xmlelement"
            + " xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable");
    return Collections.unmodifiableMap(all);
  }

  private static void put(Map<String, Character> all, char category, String words) {
    Arrays.stream(words.split(" ")).forEach(word -> all.put(word, category));
  }
}
