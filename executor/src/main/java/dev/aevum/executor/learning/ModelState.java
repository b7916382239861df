package dev.aevum.executor.learning;

import dev.aevum.model.codec.ByteSink;
import dev.aevum.planner.plan.ModelSpec;
import dev.aevum.planner.plan.function.LearningSignature.Task;
import java.util.ArrayList;
import java.util.List;

/// The model of one partition: its learner, the names of its classes, counters, metrics. One
/// thread.
///
/// Kept as `[version u8][counters][classes][metrics][learner]`; published, for those who predict,
/// as [PublishedModel]. Earlier versions are read: version 1 held the covariance of `linear` and no
/// rows of the leaves of `hoeffding_tree`.
public final class ModelState {
  static final int VERSION = 2;

  /// No row had a time.
  public static final long NO_TIME = Long.MIN_VALUE;

  private final Task task;
  private final Learner learner;
  private final Prequential metrics;
  private final Prediction prediction = new Prediction();
  private final Numbering classes = new Numbering();
  private final List<byte[]> classNames = new ArrayList<>();
  private long learned;
  private long skipped;
  private long retracted;
  private long lastTime = NO_TIME;

  public ModelState(ModelSpec spec, LearningAlgorithms algorithms) {
    this.task = spec.task();
    this.learner = algorithms.learner(spec);
    this.metrics = new Prequential(task);
    if (task == Task.TWO_CLASSES) {
      addClass("false");
      addClass("true");
    }
  }

  private void addClass(String name) {
    byte[] bytes = name.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    var _ = classes.add(ModelInput.hash(bytes));
    classNames.add(bytes);
  }

  /// Predicts, judges, learns.
  ///
  /// @param target the value of a regression
  /// @param classHash and `className`: of the target, for classes
  public void learn(Features row, double target, long classHash, ModelInput.Name className) {
    double truth = Features.bounded(target);
    int known = classes.size();
    if (task == Task.CLASSES || task == Task.TWO_CLASSES) {
      int found = classes.find(classHash);
      if (found < 0) {
        found = classes.add(classHash);
        classNames.add(className.bytes());
      }
      truth = found;
    }
    learner.predict(row, known, prediction);
    metrics.judge(prediction, truth, known);
    learner.learn(row, truth);
    learned++;
  }

  public void reached(long time) {
    lastTime = Math.max(lastTime, time);
  }

  /// A row without a target, or that came while the model was paused.
  public void skip(long count) {
    skipped += count;
  }

  /// A row that was learned before has been taken back.
  public void retract(long count) {
    retracted += count;
  }

  private void encodeHead(ByteSink out) {
    out.appendByte(VERSION);
    out.appendLong(learned);
    out.appendLong(skipped);
    out.appendLong(retracted);
    out.appendLong(lastTime);
    out.appendInt(classNames.size());
    classNames.forEach(name -> StateBytes.append(out, name));
  }

  public void encode(ByteSink out) {
    encodeHead(out);
    metrics.encode(out);
    learner.encode(out);
  }

  /// What [PublishedModel] reads.
  public void publish(ByteSink out) {
    encodeHead(out);
    metrics.overall().encode(out);
    metrics.recent().encode(out);
    learner.encode(out);
  }

  public static ModelState decode(ModelSpec spec, LearningAlgorithms algorithms, byte[] bytes) {
    ModelState state = new ModelState(spec, algorithms);
    StateReader in = new StateReader(bytes);
    in.readVersion(VERSION);
    state.learned = in.readLong();
    state.skipped = in.readLong();
    state.retracted = in.readLong();
    state.lastTime = in.readLong();
    int count = in.readCount(4);
    for (int i = 0; i < count; i++) {
      byte[] name = in.readBytes();
      if (i >= state.classNames.size()) {
        var _ = state.classes.add(ModelInput.hash(name));
        state.classNames.add(name);
      }
    }
    state.metrics.decode(in);
    state.learner.decode(in);
    return state;
  }
}
