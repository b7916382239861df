/// The planner's errors: wording, SQLSTATE and hint in one place.
@NullMarked
package dev.aevum.planner.error;

import org.jspecify.annotations.NullMarked;
