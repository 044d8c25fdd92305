package io.smartdoor.lock.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.smartdoor.events.DoorId;
import io.smartdoor.events.EventCodec;
import io.smartdoor.events.SnapshotReference;
import io.smartdoor.http.Refusal;
import io.smartdoor.http.RequestJson;
import io.smartdoor.lock.TestTicker;
import io.smartdoor.lock.door.Door;
import io.smartdoor.lock.door.DoorKey;
import io.smartdoor.lock.door.DoorName;
import io.smartdoor.lock.door.InMemoryDoors;
import io.smartdoor.lock.door.KeyedDoor;
import io.smartdoor.lock.outbox.Acceptance;
import io.smartdoor.lock.outbox.AcceptedEvent;
import io.smartdoor.lock.outbox.HistoryPage;
import io.smartdoor.lock.outbox.HistoryPosition;
import io.smartdoor.lock.outbox.Outbox;
import io.smartdoor.lock.outbox.Receipt;
import io.smartdoor.lock.outbox.RecordedEvent;
import io.smartdoor.messaging.testing.RecordedTraces;
import io.smartdoor.messaging.tracing.Traces;
import jakarta.servlet.ServletInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.http.ResponseEntity;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

/** What the whole service cannot be made to show: time that passes while a webhook waits. */
class WebhookControllerTest {

  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
  private static final byte[] BODY = "{\"state\": \"open\"}".getBytes(StandardCharsets.UTF_8);
  private static final Door DOOR = new Door(new DoorId("front-door"), new DoorName("Front door"));
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final TestTicker time = new TestTicker();
  private final DoorKey key = DoorKey.generate(new Random(1));
  private final RecordingOutbox outbox = new RecordingOutbox();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final MockHttpServletResponse response = new MockHttpServletResponse();
  private final RecordedTraces recorded = new RecordedTraces();
  private Traces traces = recorded.traces();
  private DoorKey signer = key;
  private Duration lookUp = Duration.ZERO;
  private Optional<String> traceparent = Optional.empty();

  @Test
  void worksOnWhatCameInTime() {
    assertThat(send(PATIENCE).getStatusCode().value()).isEqualTo(202);
    assertThat(outbox.accepted).hasSize(1);
  }

  @Test
  void doesNotBeginWhatTookTooLongToCome() {
    assertIsShed(PATIENCE.plusNanos(1));
  }

  @Test
  void doesNotStoreWhatTookTooLongToVerify() {
    lookUp = Duration.ofSeconds(6);

    assertIsShed(Duration.ofSeconds(5));
  }

  @Test
  void beginsATraceThatTheEventCarries() {
    send(PATIENCE);

    var span = recorded.spans().getFirst();
    assertThat(span.getName()).isEqualTo("POST /v1/doors/{id}/events");
    assertThat(span.getKind()).isEqualTo(SpanKind.SERVER);
    assertThat(span.getAttributes().get(AttributeKey.longKey("http.response.status_code")))
        .isEqualTo(202);
    assertThat(tracesOfTheOutbox())
        .singleElement()
        .asString()
        .startsWith("00-%s-%s-".formatted(span.getTraceId(), span.getSpanId()));
  }

  @Test
  void linksTheTraceOfADoorWithoutJoiningIt() {
    traceparent = Optional.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

    send(PATIENCE);

    var span = recorded.spans().getFirst();
    assertThat(span.getLinks())
        .extracting(it -> it.getSpanContext().getTraceId())
        .containsExactly("0af7651916cd43dd8448eb211c80319c");
    assertThat(span.getTraceId()).isNotEqualTo("0af7651916cd43dd8448eb211c80319c");
  }

  @Test
  void acceptsWhateverADoorTakesForATrace() {
    traceparent = Optional.of("zero-zero");

    assertThat(send(PATIENCE).getStatusCode().value()).isEqualTo(202);
  }

  @Test
  void tracesNothingThatNoDoorHasSigned() {
    signer = DoorKey.generate(new Random(7));

    assertThat(catchThrowableOfType(Refusal.class, () -> send(PATIENCE)).status().value())
        .isEqualTo(401);
    assertThat(recorded.spans()).isEmpty();
  }

  @Test
  void carriesNoTraceWhereNoneIsRecorded() {
    traces = Traces.off();

    assertThat(send(PATIENCE).getStatusCode().value()).isEqualTo(202);
    assertThat(outbox.accepted)
        .singleElement()
        .satisfies(it -> assertThat(it.outgoing().detail()).doesNotContain("traceparent"));
  }

  @Test
  void saysInTheTraceThatItHadNoTime() {
    lookUp = Duration.ofSeconds(6);

    assertIsShed(Duration.ofSeconds(5));

    var span = recorded.spans().getFirst();
    assertThat(span.getStatus()).isEqualTo(StatusData.error());
    assertThat(span.getAttributes().get(AttributeKey.longKey("http.response.status_code")))
        .isEqualTo(503);
  }

  private List<String> tracesOfTheOutbox() {
    return outbox.accepted.stream()
        .flatMap(it -> new EventCodec().traceparentIn(it.outgoing().detail()).stream())
        .toList();
  }

  private void assertIsShed(Duration transfer) {
    var refusal = catchThrowableOfType(Refusal.class, () -> send(transfer));

    assertThat(refusal.status().value()).isEqualTo(503);
    assertThat(response.getHeader("Retry-After")).isEqualTo("2");
    assertThat(outbox.accepted).isEmpty();
    assertThat(meters.get("smartdoor.webhooks.shed").tag("reason", "late").counter().count())
        .isEqualTo(1);
  }

  private ResponseEntity<WebhookReceipt> send(Duration transfer) {
    var doors =
        new InMemoryDoors() {
          @Override
          public Optional<KeyedDoor> findWithKey(DoorId id) {
            time.advance(lookUp);
            return super.findWithKey(id);
          }
        };
    doors.add(DOOR, key);
    var limit = new RateLimit(10, 10);
    var controller =
        new WebhookController(
            new WebhookVerifier(doors, DoorKey.generate(new Random(2))),
            new WebhookIntake(
                outbox,
                new EventCodec(),
                new RecentAnswers(time),
                new Allowances<>(limit, time),
                (_, it) -> new SnapshotReference("snapshots", it.toString()),
                traces),
            new Sources(new Allowances<>(limit, time)),
            new InHand(1, PATIENCE, time),
            new RequestJson(new JsonMapper()),
            new WebhookMetrics(meters),
            traces,
            Clock.fixed(NOW, ZoneOffset.UTC));
    return controller.report(DOOR.id().value(), request(transfer), response);
  }

  private MockHttpServletRequest request(Duration transfer) {
    var request =
        new MockHttpServletRequest("POST", "/v1/doors/front-door/events") {
          @Override
          public ServletInputStream getInputStream() {
            time.advance(transfer);
            return super.getInputStream();
          }
        };
    var timestamp = String.valueOf(NOW.getEpochSecond());
    var signature =
        signer.sign("msg_1.%s.".formatted(timestamp).getBytes(StandardCharsets.UTF_8), BODY);
    request.setContentType("application/json");
    request.setContent(BODY);
    request.addHeader("webhook-id", "msg_1");
    request.addHeader("webhook-timestamp", timestamp);
    request.addHeader("webhook-signature", "v1," + Base64.getEncoder().encodeToString(signature));
    traceparent.ifPresent(it -> request.addHeader("traceparent", it));
    return request;
  }

  private static final class RecordingOutbox implements Outbox {

    private final List<AcceptedEvent> accepted = new ArrayList<>();

    @Override
    public Acceptance accept(AcceptedEvent event) {
      accepted.add(event);
      return new Acceptance.New(new Receipt(event.key(), event.door(), event.acceptedAt()));
    }

    @Override
    public Optional<RecordedEvent> newest(DoorId door) {
      throw new UnsupportedOperationException();
    }

    @Override
    public HistoryPage history(DoorId door, int limit, Optional<HistoryPosition> before) {
      throw new UnsupportedOperationException();
    }
  }
}
