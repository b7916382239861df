/// The options of `WITH (...)`: [dev.aevum.connectors.option.OptionSet] checks names against a
/// connector's definitions and reads typed values, with errors that name the option and a remedy.
@NullMarked
package dev.aevum.connectors.option;

import org.jspecify.annotations.NullMarked;
