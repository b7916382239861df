package dev.aevum.executor.step;

import dev.aevum.model.batch.Schema;
import java.util.List;

/// The rows that a row pattern in a running view keeps of its input, of one worker.
///
/// @param ordinal of the operator, see [OperatorStatus]
/// @param input their columns
/// @param count how many there are
/// @param rows bytes of [dev.aevum.model.codec.RowCodec]; empty where there are more than asked for
public record KeptInput(int ordinal, Schema input, long count, List<byte[]> rows) {}
