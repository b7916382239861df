/// Settings: what each one may be and means, and the values that one session has given them. SET,
/// SHOW, `pg_settings` and the reference page read the same list.
@NullMarked
package dev.aevum.engine.setting;

import org.jspecify.annotations.NullMarked;
