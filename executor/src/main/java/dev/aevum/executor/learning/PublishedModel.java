package dev.aevum.executor.learning;

import dev.aevum.executor.spi.ModelSummary;
import dev.aevum.executor.spi.ModelSummary.ModelFigure;
import dev.aevum.planner.plan.ModelSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One version of a model as others see it. One thread: it predicts with scratch memory of its own.
public final class PublishedModel {
  private final long learned;
  private final long skipped;
  private final long retracted;
  private final long lastTime;
  private final List<byte[]> classNames = new ArrayList<>();
  private final Metrics overall;
  private final Metrics recent;
  private final Prediction prediction = new Prediction();
  private final StateReader in;

  private PublishedModel(byte[] bytes) {
    in = new StateReader(bytes);
    in.readVersion(ModelState.VERSION);
    learned = in.readLong();
    skipped = in.readLong();
    retracted = in.readLong();
    lastTime = in.readLong();
    int classes = in.readCount(4);
    for (int i = 0; i < classes; i++) {
      classNames.add(in.readBytes());
    }
    overall = Metrics.decode(in);
    recent = Metrics.decode(in);
  }

  /// The counters and metrics alone.
  public static ModelSummary summary(byte[] bytes) {
    PublishedModel model = new PublishedModel(bytes);
    List<ModelFigure> figures = new ArrayList<>();
    figures(figures, "all", model.overall);
    figures(figures, "last 1000", model.recent);
    return new ModelSummary(
        model.learned,
        model.skipped,
        model.retracted,
        model.lastTime == ModelState.NO_TIME ? null : model.lastTime,
        figures);
  }

  private static void figures(List<ModelFigure> all, String scope, Metrics metrics) {
    metrics
        .figures()
        .forEach((metric, figure) ->
            all.add(
                new ModelFigure(
                    scope,
                    metrics.rows(),
                    metric.shown(),
                    number(figure.value()),
                    number(figure.trivial()))));
  }

  private static @Nullable Double number(double value) {
    return Double.isNaN(value) ? null : value;
  }

  /// A version that can predict.
  public static Predictor predictor(ModelSpec spec, LearningAlgorithms algorithms, byte[] bytes) {
    PublishedModel model = new PublishedModel(bytes);
    Learner learner = algorithms.learner(spec);
    learner.decode(model.in);
    return model.new Predictor(learner);
  }

  /// A version and its learner.
  public final class Predictor {
    private final Learner learner;

    private Predictor(Learner learner) {
      this.learner = learner;
    }

    /// Whether anything was learned: without that there is nothing to say.
    public boolean knows() {
      return learned > 0;
    }

    /// Valid until the next call.
    public Prediction predict(Features row) {
      learner.predict(row, classNames.size(), prediction);
      return prediction;
    }

    public byte[] className(int index) {
      return classNames.get(index);
    }
  }
}
