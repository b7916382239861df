/// Neighbour systems: where rows come from and go to. [dev.aevum.connectors.Connectors] knows all
/// connectors; each has a package of its own behind the contract in `spi`; `format` decodes and
/// encodes rows, `reader` is what readers share, `option` reads WITH options.
@NullMarked
package dev.aevum.connectors;

import org.jspecify.annotations.NullMarked;
