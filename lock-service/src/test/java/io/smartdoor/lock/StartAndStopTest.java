package io.smartdoor.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.smartdoor.infra.testing.LocalAws;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

@ExtendWith(OutputCaptureExtension.class)
class StartAndStopTest {

  private static final LocalAws AWS = LocalAws.withStacks("lock");

  @Test
  void saysInOneLineThatItsDataKeyIsMissing(CapturedOutput output) {
    var failure = catchThrowable(() -> start(Map.of("smartdoor.lock.data-key-secret", "nowhere")));

    assertThat(failure).isNotNull();
    assertThat(output.getAll().lines().filter(it -> it.contains("does not start")))
        .singleElement()
        .asString()
        .contains("expected a secret nowhere in Secrets Manager");
  }

  @Test
  void saysInOneLineThatASettingOfItsOutboxIsUnusable(CapturedOutput output) {
    var failure = catchThrowable(() -> start(Map.of("smartdoor.lock.outbox.relays", "0")));

    assertThat(failure).isNotNull();
    assertThat(output.getAll().lines().filter(it -> it.contains("does not start")))
        .singleElement()
        .asString()
        .contains("smartdoor.lock.outbox.relays: expected 1 or more, found 0");
  }

  @Test
  void stopsWithinThreeSeconds() {
    var context = start(Map.of());
    var before = System.nanoTime();

    context.close();

    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
  }

  private static ConfigurableApplicationContext start(Map<String, String> more) {
    var settings = new HashMap<>(AWS.asProperties());
    settings.put("smartdoor.admin-token", LockApi.TOKEN);
    settings.put("server.port", "0");
    settings.putAll(more);
    return SpringApplication.run(
        LockServiceApplication.class,
        settings.entrySet().stream()
            .map(it -> "--%s=%s".formatted(it.getKey(), it.getValue()))
            .toArray(String[]::new));
  }
}
