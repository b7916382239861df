/// What names mean: the catalogue as one statement sees it, through a search path and a session's
/// settings. The planner, the catalogue functions and the `reg...` types ask here.
@NullMarked
package dev.aevum.engine.name;

import org.jspecify.annotations.NullMarked;
