package io.smartdoor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.smartdoor.system.Collector.Received;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  @Test
  void aWebhookAndAllThatFollowsFromItAreOneTraceThroughTheBusAndTheWorkflow(@TempDir Path home) {
    try (var collector = Collector.start();
        var smartDoor =
            SmartDoor.in(home, Map.of("SMARTDOOR_TRACING_ENDPOINT", collector.endpoint())).up()) {
      smartDoor
          .run("resident", "add", "anna", "--name", "Anna", "--credential", "keypad:1047")
          .succeeded();
      smartDoor.run("door", "open", "front-door", "--user", "keypad:1047").succeeded();

      // Each service sends what it has every five seconds.
      await().atMost(SOON).until(() -> collector.spans().size() >= 5);

      var webhook = one(collector, it -> it.kind() == SpanKind.SPAN_KIND_SERVER);
      assertThat(webhook.name()).isEqualTo("POST /v1/doors/{id}/events");
      assertThat(webhook.service()).isEqualTo("lock-service");
      assertThat(webhook.parent()).isEmpty();
      var identification = one(collector, it -> it.service().equals("identification-service"));
      assertThat(collector.spans())
          .allSatisfy(it -> assertThat(it.trace()).isEqualTo(webhook.trace()))
          .extracting(Received::service, Received::name, Received::detailType, Received::parent)
          .containsExactlyInAnyOrder(
              tuple("lock-service", webhook.name(), "", ""),
              tuple("lock-service", "publish smartdoor", "Door Status", webhook.id()),
              tuple("notification-service", "process notification", "Door Status", webhook.id()),
              tuple(
                  "identification-service", "process identification", "Door Status", webhook.id()),
              tuple(
                  "notification-service",
                  "process notification",
                  "Person Identified",
                  identification.id()));
    }
  }

  private static Received one(Collector collector, Predicate<Received> which) {
    List<Received> found = collector.spans().stream().filter(which).toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }
}
