package io.smartdoor.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;

/** What an operator sees of an identification, and does about it, in a SmartDoor that runs. */
class WorkflowCommandsTest {

  @Test
  void anIdentificationThatFailedIsSeenMendedAndTriedAgain(@TempDir Path home) throws Exception {
    var key = "6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96";
    try (var smartDoor = SmartDoor.in(home).up()) {
      var strange = smartDoor.run("workflow", key);
      assertThat(strange.exitCode()).isEqualTo(1);
      assertThat(strange.errors().lines()).singleElement().asString().contains("no record");

      smartDoor
          .run("door", "open", "front-door", "--user", "keypad:4711", "--key", key)
          .succeeded();
      var failed = entry(smartDoor, "Identification Failed");

      var picture = home.resolve("picture.svg");
      var shown = smartDoor.run("workflow", key, "--svg", picture.toString()).succeeded();
      assertThat(shown.output())
          .startsWith(key + "\nsucceeded, started ")
          .containsSubsequence(
              "■ Find Credential", "■ Find Store", "● Store Unknown", "◎ Published", "✓ succeeded")
          .contains(
              "published Identification Failed",
              "not visited:",
              "  Person Identified → Publish Outcome")
          .doesNotContain("4711", "keypad", "\033");
      assertThat(shown.output().lines()).allMatch(it -> it.length() <= 80);
      var svg = Repository.text(picture);
      var root =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(svg)))
              .getDocumentElement();
      assertThat(root.getTagName()).isEqualTo("svg");
      assertThat(svg).contains("Store Unknown after ").doesNotContain("4711", "keypad");

      // Whose credential it was, was registered too late; now the same event is looked at again.
      smartDoor
          .run("resident", "add", "anna", "--name", "Anna", "--credential", "keypad:4711")
          .succeeded();
      assertThat(smartDoor.run("workflow", "retry", key).succeeded().output())
          .startsWith(key + ".2 is started, with the same follow-up keys");

      var identified = entry(smartDoor, "Person Identified");
      assertThat(identified.get("id")).isEqualTo(failed.get("id"));
      assertThat(identified.get("title").stringValue()).contains("Anna");
      var second = smartDoor.run("workflow", key + ".2", "--json").succeeded().json();
      assertThat(second.get("published").values())
          .extracting(JsonNode::stringValue)
          .containsExactly("Person Identified");
      assertThat(smartDoor.run("workflow", key).succeeded().output())
          .contains("retried as " + key + ".2: succeeded");

      var again = smartDoor.run("workflow", "retry", key);
      assertThat(again.exitCode()).isEqualTo(1);
      assertThat(again.errors().lines())
          .singleElement()
          .asString()
          .contains("expected %s.2 to have failed".formatted(key), "published Person Identified");
    }
  }

  /** The only entry there is, once it says this. */
  private static JsonNode entry(SmartDoor smartDoor, String detailType) {
    return smartDoor
        .inboxOnce(
            "me",
            items ->
                items.size() == 1
                    && items.getFirst().get("detail-type").stringValue().equals(detailType))
        .getFirst();
  }
}
