package io.smartdoor.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartTest {

  @Test
  void everythingIsThereAgainAfterDownAndUp(@TempDir Path home) throws Exception {
    try (var smartDoor = SmartDoor.in(home).up()) {
      smartDoor
          .run("resident", "add", "anna", "--name", "Anna", "--credential", "keypad:1047")
          .succeeded();
      smartDoor.run("door", "open", "front-door", "--user", "keypad:1047").succeeded();
      var before =
          smartDoor.inboxOnce(
              "me",
              items ->
                  items.size() == 1
                      && items.getFirst().get("title").stringValue().contains("Anna"));
      smartDoor.down();

      smartDoor.up();

      assertThat(smartDoor.inbox("me")).isEqualTo(before);
      assertThat(smartDoor.run("door", "list").succeeded().output())
          .contains("front-door", "Front door", "open");
      assertThat(residents(smartDoor)).contains("\"anna\"", "\"1047\"");
      smartDoor.run("door", "open", "front-door", "--user", "keypad:1047").succeeded();
      smartDoor.inboxOnce(
          "me",
          items ->
              items.size() == 2 && items.getLast().get("title").stringValue().contains("Anna"));
    }
  }

  private static String residents(SmartDoor smartDoor) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(
                  URI.create(smartDoor.address("identification-service") + "/v1/residents/anna"))
              .header("Authorization", "Bearer " + smartDoor.adminToken())
              .build();
      return http.send(request, BodyHandlers.ofString()).body();
    }
  }
}
