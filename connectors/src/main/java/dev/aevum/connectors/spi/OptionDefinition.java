package dev.aevum.connectors.spi;

/// An option of WITH (...). A name ending in `.*` takes any name with that beginning.
/// `defaultValue` empty: none.
public record OptionDefinition(
    String name, boolean required, String defaultValue, String description) {}
