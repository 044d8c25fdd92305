package io.smartdoor.proof;

import io.smartdoor.faults.Caller;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An update that somebody else carries out and tells of.
 *
 * @param replaced in their order
 * @param ended how many instances ended without being told to
 * @param over whether it came to its end, or was broken off
 */
record Update(List<Replaced> replaced, int ended, boolean over) {

  /**
   * Follows it to its end, or to that of the lines. Each is a JSON object: {@code {"said":
   * "begins", "service": "lock"}}; {@code {"said": "ends", "service": "lock", "stop-ms": 2100}},
   * without a time where the old instance had to be killed; and in the end {@code {"said": "over",
   * "ended-by-themselves": 0}}.
   *
   * @param webhooks how many there have been up to now
   * @throws IllegalArgumentException if somebody says anything else
   */
  static Update follow(BufferedReader lines, IntSupplier webhooks) throws IOException {
    var replaced = new ArrayList<Replaced>();
    var before = 0;
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      var said = JsonMapper.shared().readTree(line);
      switch (said.path("said").stringValue("")) {
        case "begins" -> before = webhooks.getAsInt();
        case "ends" -> replaced.add(replaced(said, webhooks.getAsInt() > before));
        case "over" -> {
          return new Update(
              List.copyOf(replaced), said.path("ended-by-themselves").intValue(), true);
        }
        default ->
            throw new IllegalArgumentException("expected begins, ends or over, found " + line);
      }
    }
    return new Update(List.copyOf(replaced), 0, false);
  }

  private static Replaced replaced(JsonNode said, boolean underLoad) {
    var stop = said.path("stop-ms");
    return new Replaced(
        Caller.of(said.path("service").stringValue()),
        stop.isNumber() ? Optional.of(Duration.ofMillis(stop.longValue())) : Optional.empty(),
        underLoad);
  }
}
