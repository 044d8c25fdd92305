package io.smartdoor.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class AwsHealthTest {

  private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 7);
  private final List<Duration> asked = new ArrayList<>();
  private boolean gone;

  private final AwsHealth health =
      new AwsHealth(
          List.of(
              _ -> {},
              limit -> {
                asked.add(limit);
                if (gone) {
                  throw new IllegalStateException("connection refused");
                }
              }),
          nanoTime::get);

  @Test
  void isUpWithAllThatIsNeededAndDownWithoutOne() {
    assertThat(status()).isEqualTo(Status.UP);
    gone = true;
    pass(AwsHealth.REMEMBERED);
    assertThat(status()).isEqualTo(Status.DOWN);
    gone = false;
    pass(AwsHealth.REMEMBERED);
    assertThat(status()).isEqualTo(Status.UP);
  }

  @Test
  void isUpWhereNothingIsNeeded() {
    assertThat(new AwsHealth(List.of(), nanoTime::get).health().getStatus()).isEqualTo(Status.UP);
  }

  @Test
  void saysAgainWhatItFoundForSomeSeconds() {
    status();
    gone = true;
    pass(AwsHealth.REMEMBERED.minusNanos(1));
    assertThat(status()).isEqualTo(Status.UP);
    assertThat(asked).containsExactly(AwsHealth.LIMIT);

    pass(Duration.ofNanos(1));
    assertThat(status()).isEqualTo(Status.DOWN);
    assertThat(asked).hasSize(2);
  }

  @Test
  void givesAllNeedsTogetherNoMoreTimeThanOne() {
    var limits = new ArrayList<Duration>();
    AwsNeed slow =
        limit -> {
          limits.add(limit);
          pass(Duration.ofMillis(1500));
        };
    var slowly = new AwsHealth(List.of(slow, slow, slow), nanoTime::get);

    assertThat(slowly.health().getStatus()).isEqualTo(Status.DOWN);
    assertThat(limits).containsExactly(AwsHealth.LIMIT, Duration.ofMillis(500));
  }

  @Test
  void logsWhenItChangesAlone(CapturedOutput log) {
    for (var is : List.of(false, true, true, false, false)) {
      gone = is;
      status();
      pass(AwsHealth.REMEMBERED);
    }

    assertThat(log.getAll().lines().filter(it -> it.contains("not ready without AWS"))).hasSize(1);
    assertThat(log.getAll().lines().filter(it -> it.contains("AWS is there again"))).hasSize(1);
  }

  @Test
  void wasReachedOnceItWasThere() {
    var reached = new AwsReached(health);
    gone = true;
    assertThat(reached.health().getStatus()).isEqualTo(Status.DOWN);
    gone = false;
    pass(AwsHealth.REMEMBERED);
    assertThat(reached.health().getStatus()).isEqualTo(Status.UP);
    gone = true;
    pass(AwsHealth.REMEMBERED);
    assertThat(reached.health().getStatus()).isEqualTo(Status.UP);
    assertThat(asked).hasSize(2);
  }

  @Test
  void wasNotReachedWhileAnythingThatAStartNeedsWasNotThere() {
    var there = new AwsHealth(List.of(), nanoTime::get);
    gone = true;
    var reached = new AwsReached(there, health);

    assertThat(reached.health().getStatus()).isEqualTo(Status.DOWN);
    gone = false;
    pass(AwsHealth.REMEMBERED);
    assertThat(reached.health().getStatus()).isEqualTo(Status.UP);
  }

  private Status status() {
    return health.health().getStatus();
  }

  private void pass(Duration duration) {
    nanoTime.addAndGet(duration.toNanos());
  }
}
