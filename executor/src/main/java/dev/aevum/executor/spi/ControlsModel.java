package dev.aevum.executor.spi;

/// An operator whose models a user can halt and clear. Called between steps on the worker's thread;
/// what it does to the output shows with the next step.
public interface ControlsModel {
  /// While on, rows that come are not learned.
  void pause(boolean on);

  /// Forgets all that was learned.
  void reset();
}
