package io.smartdoor.messaging.consuming;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConsumerMetricsTest {

  @Test
  void takesTheTimeOfAHandler() {
    var clock = new MockClock();
    var meters = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
    var metrics = new ConsumerMetrics(meters, "notification");

    var answer =
        metrics.timed(
            "Door Status",
            () -> {
              clock.add(Duration.ofMillis(30));
              return "done";
            });

    assertThat(answer).isEqualTo("done");
    assertThat(meters.get("smartdoor.events.handling").timer().totalTime(MILLISECONDS))
        .isEqualTo(30);
  }

  @Test
  void takesNoClockThatIsAheadForTime() {
    var meters = new SimpleMeterRegistry();
    var metrics = new ConsumerMetrics(meters, "notification");

    metrics.waited("Door Status", Duration.ofMillis(-40));
    metrics.waited("Door Status", Duration.ofMillis(250));

    var lag = meters.get("smartdoor.events.lag").tag("detail-type", "Door Status").timer();
    assertThat(lag.count()).isEqualTo(2);
    assertThat(lag.totalTime(MILLISECONDS)).isEqualTo(250);
  }
}
