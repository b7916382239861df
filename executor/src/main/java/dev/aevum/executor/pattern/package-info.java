/// Row pattern matching. A pattern is compiled to a [Program]; a [Matcher] runs it over the rows of
/// a partition, of which it knows no more than which variables each row satisfies; a
/// [PartitionMatch] is what it keeps of one partition: a window of rows, *entries* (threads and
/// candidates in order of preference) and the *paths* that lead to them. Around it: conditions of
/// DEFINE become bits of rows or verdicts on threads ([DefineEvaluation]), matches become output
/// rows ([MeasureEvaluation]), rows live in a [RowStore]. [BatchMatcher] and the operators are
/// thin.
@NullMarked
package dev.aevum.executor.pattern;

import org.jspecify.annotations.NullMarked;
