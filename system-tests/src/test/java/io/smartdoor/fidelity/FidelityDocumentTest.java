package io.smartdoor.fidelity;

import static io.smartdoor.fidelity.Emulator.LOCALSTACK;
import static io.smartdoor.fidelity.Emulator.MINISTACK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FidelityDocumentTest {

  private static final Behaviour REPLAY =
      Behaviour.of("Replay", "replays", "https://aws", "replays", _ -> Behaviour.AS_DOCUMENTED);

  private final FidelityDocument document =
      FidelityDocument.of("")
          .with(MINISTACK, Map.of("Replay", Behaviour.AS_DOCUMENTED))
          .with(LOCALSTACK, Map.of("Replay", "nothing is replayed"));

  @Test
  void saysWhatAnEmulatorDoesInstead() {
    assertThat(document.differenceOf(LOCALSTACK, "Replay")).hasValue("nothing is replayed");
    assertThat(document.differenceOf(MINISTACK, "Replay")).isEmpty();
  }

  /** A misspelt name would skip a test nowhere, or everywhere. */
  @Test
  void knowsNothingOfABehaviourThatItDoesNotName() {
    assertThatThrownBy(() -> document.differenceOf(LOCALSTACK, "Repaly"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Repaly");
  }

  @Test
  void saysWhichTestsAreSkippedWhere() {
    var text =
        document.render(
            Map.of("EventBridge", List.of(REPLAY)), List.of(new Reliance("ReplayTest", "Replay")));

    assertThat(text).contains("| `ReplayTest` | Replay | %s |\n".formatted(LOCALSTACK.title()));
    assertThat(FidelityDocument.of(text).differenceOf(LOCALSTACK, "Replay"))
        .hasValue("nothing is replayed");
  }

  @Test
  void isOfTheVersionsThatAreRunHereAndOfNoOther() throws Exception {
    for (var emulator : Emulator.values()) {
      assertThat(Files.readString(FidelityDocument.FILE)).contains("| " + emulator.title() + " |");
      emulator.require("{\"version\": \"%s\"}".formatted(emulator.title().replaceFirst(".* ", "")));
      assertThatThrownBy(() -> emulator.require("{\"version\": \"0.1\"}"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("expected %s, found version 0.1", emulator.title());
    }
  }

  @Test
  void findsTheTestsThatSayThatTheyRelyOnSomething() throws Exception {
    assertThat(Reliance.ofTheseTests()).extracting(Reliance::test).contains("ReplayTest");
  }
}
