package dev.aevum.storage.durable;

import dev.aevum.storage.contents.Run;
import dev.aevum.storage.log.StepFrame;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// All that a step changed, ready to be committed. Steps are numbered without gaps.
///
/// @param state sections of [dev.aevum.storage.state.DirtyEncoder]
/// @param contents per relation its consolidated changes
/// @param drops relations whose contents are gone before this step's changes
public record StepChanges(
    long step,
    StepFrame.Manifest manifest,
    List<byte[]> state,
    Map<Integer, Run> contents,
    Set<Integer> drops) {
  public StepChanges {
    state = List.copyOf(state);
    contents = Map.copyOf(contents);
    drops = Set.copyOf(drops);
  }
}
