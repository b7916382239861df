package dev.aevum.executor.learning;

import java.util.Locale;

/// What `aevum.model_metrics` shows.
public enum Metric {
  LOGLOSS,
  ACCURACY,
  AUC,
  MAE,
  RMSE,
  R2,
  MEAN_DISTANCE;

  public String shown() {
    return name().toLowerCase(Locale.ROOT);
  }
}
