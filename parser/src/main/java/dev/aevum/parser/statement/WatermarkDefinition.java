package dev.aevum.parser.statement;

import dev.aevum.model.error.SourceSpan;
import org.apache.calcite.sql.SqlNode;

/// `WATERMARK FOR column AS expression`.
public record WatermarkDefinition(Name column, SqlNode expression, SourceSpan span) {}
