/// Row pattern matching. A pattern is compiled to a [Program]; a [Matcher] runs it over the rows of
/// a partition, of which it knows no more than which variables each row satisfies; a
/// [PartitionMatch] is what it keeps of one partition: a window of rows, *entries* (threads and
/// candidates in order of preference) and the *paths* that lead to them. Starts that do not depend
/// on each other or on paths are taken together ([SharedStarts]), their paths found when they match
/// ([Retracing]). Around it: conditions of DEFINE become bits of rows or verdicts on threads
/// ([DefineEvaluation]), matches become output rows ([MeasureEvaluation]), rows live in a
/// [dev.aevum.executor.waiting.RowStore]. [BatchMatcher] and the operators are thin; where input
/// changes, a [PartitionReplay] matches a part of a partition again.
@NullMarked
package dev.aevum.executor.pattern;

import org.jspecify.annotations.NullMarked;
