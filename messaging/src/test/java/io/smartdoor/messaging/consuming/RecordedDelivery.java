package io.smartdoor.messaging.consuming;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A delivery that takes note of what was done with it, and fails where it was told to. */
final class RecordedDelivery implements Delivery {

  enum Step {
    ACKNOWLEDGE,
    HIDE,
    DEAD_LETTER
  }

  private final String body;
  private final int receives;
  final Set<Step> failing = EnumSet.noneOf(Step.class);
  final List<Step> steps = new ArrayList<>();
  final List<Duration> hidden = new ArrayList<>();
  final List<DeadLetter> deadLetters = new ArrayList<>();

  RecordedDelivery(String body) {
    this(body, 1);
  }

  RecordedDelivery(String body, int receives) {
    this.body = body;
    this.receives = receives;
  }

  RecordedDelivery failingAt(Step step) {
    failing.add(step);
    return this;
  }

  @Override
  public String body() {
    return body;
  }

  @Override
  public int receives() {
    return receives;
  }

  @Override
  public void acknowledge() {
    take(Step.ACKNOWLEDGE);
  }

  @Override
  public void hideFor(Duration duration) {
    take(Step.HIDE);
    hidden.add(duration);
  }

  @Override
  public void sendToDeadLetters(DeadLetter letter) {
    take(Step.DEAD_LETTER);
    deadLetters.add(letter);
  }

  private void take(Step step) {
    if (failing.contains(step)) {
      throw new IllegalStateException("SQS is out of reach");
    }
    steps.add(step);
  }
}
