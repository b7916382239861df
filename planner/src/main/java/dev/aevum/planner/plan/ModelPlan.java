package dev.aevum.planner.plan;

/// A model: the continuous query whose root is its [PlanNode.LearnNode], and what it learns.
public record ModelPlan(ViewPlan view, ModelSpec spec) {}
