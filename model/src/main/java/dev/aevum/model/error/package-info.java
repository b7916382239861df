/// Errors as values: [ErrorCode] is the catalogue, [SqlException] the one exception, [SourceSpan]
/// where in the SQL text it happened. Factories that fix the wording are grouped by area
/// (`...Errors`) beside the code that throws.
@NullMarked
package dev.aevum.model.error;

import org.jspecify.annotations.NullMarked;
