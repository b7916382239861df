/// Rows as bytes: [KeyCodec] keeps SQL order and equality, [RowCodec] keeps every bit. State,
/// spines and frames use both.
@NullMarked
package dev.aevum.model.codec;

import org.jspecify.annotations.NullMarked;
