package io.smartdoor.messaging.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.OpenTelemetry;
import io.smartdoor.messaging.testing.RecordedTraces;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class TracingAutoConfigurationTest {

  private final ApplicationContextRunner application =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(TracingAutoConfiguration.class));

  @Test
  void tracesNothingWithoutAnEndpoint() {
    application.run(context -> {
      assertThat(context).getBean(Traces.class).isSameAs(Traces.off());
      assertThat(context).doesNotHaveBean(OpenTelemetry.class);
    });
  }

  @Test
  void tracesByAnApplicationsOwnOpenTelemetry() {
    var recorded = new RecordedTraces();
    application
        .withBean(OpenTelemetry.class, recorded::openTelemetry)
        .withPropertyValues("smartdoor.tracing.endpoint=http://127.0.0.1:9/v1/traces")
        .run(context -> {
          context.getBean(Traces.class).handling("a", "b", Optional.empty()).close();
          assertThat(recorded.spans()).hasSize(1);
        });
  }

  /** A service has some seconds to stop, and they are for its events. */
  @Test
  void stopsSoonWhereNobodyTakesTheTraces() throws Exception {
    try (var silent = new ServerSocket(0)) {
      application
          .withPropertyValues(
              "smartdoor.tracing.endpoint=http://127.0.0.1:%d/v1/traces"
                  .formatted(silent.getLocalPort()))
          .run(context -> {
            context.getBean(Traces.class).handling("a", "b", Optional.empty()).close();
            var began = System.nanoTime();
            context.close();
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isLessThan(Duration.ofSeconds(3));
          });
    }
  }

  @ParameterizedTest
  @CsvSource({
    "endpoint, ftp://collector/v1/traces, 'smartdoor.tracing.endpoint: expected an http or https address, found ftp://collector/v1/traces'",
    "endpoint, http:collector, 'smartdoor.tracing.endpoint: expected an http or https address, found http:collector'",
    "endpoint, collector, 'smartdoor.tracing.endpoint: expected an http or https address, found collector'",
    "share, -0.1, 'smartdoor.tracing.share: expected 0 to 1, found -0.1'",
    "share, 1.1, 'smartdoor.tracing.share: expected 0 to 1, found 1.1'",
    "share, NaN, 'smartdoor.tracing.share: expected 0 to 1, found NaN'"
  })
  void saysWhichPropertyIsWrong(String property, String value, String message) {
    application
        .withPropertyValues("smartdoor.tracing.%s=%s".formatted(property, value))
        .run(context -> assertThat(context).getFailure().rootCause().hasMessage(message));
  }

  @ParameterizedTest
  @CsvSource({"endpoint, https://collector.example/v1/traces", "share, 0", "share, 1"})
  void takesWhatCanBeUsed(String property, String value) {
    application
        .withPropertyValues("smartdoor.tracing.%s=%s".formatted(property, value))
        .run(context -> assertThat(context).hasNotFailed());
  }
}
