package io.smartdoor.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {

  @Test
  void everyScenarioHoldsAndNothingIsLeft(@TempDir Path home) {
    var smartDoor = SmartDoor.in(home);
    var said = smartDoor.run("demo", "--json").succeeded();

    assertThat(said.json().get("passed").booleanValue()).isTrue();
    assertThat(said.json().get("scenarios").values())
        .extracting(scenario -> scenario.get("name").stringValue())
        .containsExactly(
            "door-opened",
            "person-identified",
            "person-unrecognised",
            "identification-failed",
            "webhook-twice",
            "event-twice",
            "subscriber-down",
            "closed-is-quiet");
    assertThat(said.json().get("scenarios").values())
        .allSatisfy(scenario -> {
          assertThat(scenario.get("passed").booleanValue()).isTrue();
          assertThat(scenario.get("took-ms").longValue()).isPositive();
          assertThat(scenario.get("detail").stringValue()).isNotBlank();
        });
    // Also what the command has in temporary folders: those of this run are in this one.
    assertThat(home).isEmptyDirectory();
    assertThat(smartDoor.processes()).isEmpty();
  }
}
