/// Row formats. Decoders go straight from bytes to column writers:
/// [dev.aevum.connectors.format.JsonDecoder] and [dev.aevum.connectors.format.CsvDecoder] find
/// where each column's text stands, [dev.aevum.connectors.format.RowAppender] reads the texts as
/// PostgreSQL's input functions do and keeps refused rows out.
/// [dev.aevum.connectors.format.JsonEncoder] and [dev.aevum.connectors.format.CsvEncoder] write
/// rows for sinks.
@NullMarked
package dev.aevum.connectors.format;

import org.jspecify.annotations.NullMarked;
