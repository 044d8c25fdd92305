package io.smartdoor.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartTest {

  private static final Pattern READY = Pattern.compile("services ready in ([0-9.]+) s");

  @Test
  void theServicesAreReadyWithinFifteenSecondsAndASecondUpSaysThatTheyRun(@TempDir Path home) {
    try (var smartDoor = SmartDoor.in(home)) {
      var first = smartDoor.run("up", "--detach", "--free-ports").succeeded();
      var second = smartDoor.run("up", "--detach", "--free-ports").succeeded();

      var ready = READY.matcher(first.errors() + first.output());
      assertThat(ready.find()).isTrue();
      assertThat(Double.parseDouble(ready.group(1))).isLessThan(15);
      assertThat(second.output()).contains("SmartDoor is running already");
      assertThat(smartDoor.status().get("healthy").booleanValue()).isTrue();
      assertThat(smartDoor.processes()).hasSize(SmartDoor.startsItsEmulator() ? 4 : 3);
    }
  }
}
