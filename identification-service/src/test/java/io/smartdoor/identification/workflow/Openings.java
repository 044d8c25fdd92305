package io.smartdoor.identification.workflow;

import io.smartdoor.events.DoorStatus;
import io.smartdoor.events.EventCodec;
import io.smartdoor.events.ReceivedEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Opened doors: the published samples. */
final class Openings {

  static final EventCodec EVENTS = new EventCodec();

  private Openings() {}

  /** The smallest event that must flow through every consumer: no door, no time, nobody. */
  static IdentificationRequest smallest() {
    return request("door-status-smallest");
  }

  static IdentificationRequest byCredential() {
    return request("door-status-open-by-credential");
  }

  static IdentificationRequest withSnapshots() {
    return request("door-status-open-with-snapshots");
  }

  static IdentificationRequest request(String sample) {
    var received = received(sample);
    return new IdentificationRequest((DoorStatus) received.event(), received.time());
  }

  static ReceivedEvent received(String sample) {
    return EVENTS.decode(sample(sample));
  }

  /** A published sample, as it lies on the queue. */
  static String sample(String name) {
    return resource("/io/smartdoor/events/samples/" + name + ".json");
  }

  static String resource(String path) {
    try (var stream = Openings.class.getResourceAsStream(path)) {
      return new String(
          Objects.requireNonNull(stream, path).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
