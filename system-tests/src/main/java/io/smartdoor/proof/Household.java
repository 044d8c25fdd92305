package io.smartdoor.proof;

import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/** Doors, who lives behind them, and whose phones hear of them; registered over the HTTP APIs. */
record Household(List<Door> doors, Set<Recipient> recipients) {

  static final String STORE = "keypad";
  static final String CREDENTIAL = "4711";
  static final String UNKNOWN_CREDENTIAL = "0000";

  private static final String RESIDENT = "anna";

  /**
   * @param doors how many
   * @param patience of a door, for one answer
   */
  static Household register(
      Admin admin,
      HttpClient http,
      Clock clock,
      Requests log,
      int doors,
      Duration patience,
      Set<Recipient> recipients)
      throws InterruptedException {
    var registered = new ArrayList<Door>();
    for (var i = 0; i < doors; i++) {
      var id = "door-" + i;
      var answer =
          admin.ask(
              Fleet.LOCK,
              "POST",
              "/v1/doors",
              "{\"id\":\"%s\",\"name\":\"Door %d\"}".formatted(id, i));
      var secret = JsonMapper.shared().readTree(answer).path("secret").stringValue();
      registered.add(new Door(http, clock, id, secret, patience, log));
    }
    for (var recipient : recipients) {
      admin.ask(
          Checker.NOTIFICATION,
          "PUT",
          "/v1/recipients/" + recipient.name(),
          "{\"include-closed\":%s}".formatted(recipient.hearsOfClosing()));
    }
    admin.ask(
        Checker.NOTIFICATION,
        "PUT",
        "/v1/people/residents/" + RESIDENT,
        "{\"display-name\":\"Anna\"}");
    admin.ask(
        Checker.IDENTIFICATION,
        "PUT",
        "/v1/residents/" + RESIDENT,
        "{\"credentials\":[{\"store\":\"%s\",\"id\":\"%s\"}]}".formatted(STORE, CREDENTIAL));
    return new Household(List.copyOf(registered), Set.copyOf(recipients));
  }

  /** The one that is asked where it does not matter which. */
  Door door() {
    return doors.getFirst();
  }
}
