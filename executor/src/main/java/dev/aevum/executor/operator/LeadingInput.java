package dev.aevum.executor.operator;

/// An operator whose time is that of its first input: the others do not hold it back.
public interface LeadingInput {}
