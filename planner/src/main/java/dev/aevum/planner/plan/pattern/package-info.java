/// Row pattern recognition (MATCH_RECOGNIZE, SQL:2016 part 2, 7.9 and 9.39 to 9.41) as records: a
/// [MatchSpec] holds the [Pattern] over numbered variables, the DEFINE conditions and MEASURES as
/// [MatchExpr]s, and what becomes of a match. Free of SQL text and of the planning library, so that
/// the matcher can be tested alone.
@NullMarked
package dev.aevum.planner.plan.pattern;

import org.jspecify.annotations.NullMarked;
