package dev.aevum.engine.system;

import dev.aevum.engine.catalog.Catalog;
import dev.aevum.engine.setting.SessionSettings;
import dev.aevum.planner.plan.function.FunctionCatalog;

/// What system relations are made from, taken once a statement.
public record SystemSnapshot(
    Catalog catalog,
    SystemRelations relations,
    FunctionCatalog functions,
    SessionSettings settings,
    String user,
    int processId,
    RunningState running) {}
