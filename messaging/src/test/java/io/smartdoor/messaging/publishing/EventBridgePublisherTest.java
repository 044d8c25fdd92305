package io.smartdoor.messaging.publishing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.smartdoor.messaging.Backoff;
import io.smartdoor.messaging.publishing.PublishOutcome.Failed;
import io.smartdoor.messaging.publishing.PublishOutcome.Published;
import io.smartdoor.messaging.publishing.PublishOutcome.Refused;
import io.smartdoor.messaging.testing.RecordedTraces;
import io.smartdoor.messaging.tracing.Traces;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;

class EventBridgePublisherTest {

  private static final Instant OPENED_AT = Instant.parse("2026-01-31T12:00:00Z");

  private final FakeEventBridge bus = new FakeEventBridge();
  private final List<Duration> pauses = new ArrayList<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final RecordedTraces recorded = new RecordedTraces();
  private final Traces traces = recorded.traces();
  private final EventBridgePublisher publisher = publisher(pauses::add);

  @Test
  void putsAnEventOnTheBusAsItIs() {
    var event =
        new OutgoingEvent("Door Status", "{\"state\":\"open\"}", List.of("door/front"), OPENED_AT);

    assertThat(publisher.publish(List.of(event))).containsExactly(new Published("id-1"));
    assertThat(bus.calls)
        .containsExactly(
            List.of(
                PutEventsRequestEntry.builder()
                    .eventBusName("smartdoor")
                    .source("SmartDoor")
                    .detailType("Door Status")
                    .detail("{\"state\":\"open\"}")
                    .resources("door/front")
                    .time(OPENED_AT)
                    .build()));
  }

  @Test
  void callsNobodyForNothing() {
    assertThat(publisher.publish(List.of())).isEmpty();
    assertThat(bus.calls).isEmpty();
  }

  @Test
  void putsTenEventsAtATimeAndKeepsTheirOrder() {
    var events = IntStream.range(0, 23).mapToObj(i -> event("type-" + i)).toList();

    assertThat(publisher.publish(events)).hasSize(23).allMatch(Published.class::isInstance);
    assertThat(bus.calls).extracting(List::size).containsExactly(10, 10, 3);
    assertThat(bus.published)
        .containsExactlyElementsOf(events.stream().map(OutgoingEvent::detailType).toList());
  }

  @Test
  void putsNoMoreThanAMegabyteAtATime() {
    var large = eventOfSize(400_000);

    publisher.publish(List.of(large, large, large));

    assertThat(bus.calls).extracting(List::size).containsExactly(2, 1);
  }

  @Test
  void putsAWholeMegabyteAtATime() {
    publisher.publish(List.of(eventOfSize(400_000), eventOfSize(Batches.MOST_BYTES - 400_000)));

    assertThat(bus.calls).extracting(List::size).containsExactly(2);
  }

  @Test
  void refusesAnEventThatIsTooLargeAndPublishesThoseBesideIt() {
    var outcomes =
        publisher.publish(
            List.of(
                event("first"),
                eventOfSize(Batches.MOST_BYTES + 1),
                eventOfSize(Batches.MOST_BYTES),
                event("last")));

    assertThat(outcomes)
        .containsExactly(
            new Published("id-1"),
            new Refused("EntryTooLarge", "expected at most 999999 bytes, found 1000000"),
            new Published("id-2"),
            new Published("id-3"));
  }

  @Test
  void countsBytesAndNotCharacters() {
    var event = new OutgoingEvent("ü", "{\"ü\":\"€\"}", List.of("door/ü"), OPENED_AT);

    assertThat(Batches.sizeOf(event)).isEqualTo(14 + 9 + 2 + 12 + 7);
  }

  @Test
  void putsOnlyTheEntriesAgainThatFailed() {
    bus.failNext("b", "ThrottlingException", "InternalFailure");

    var outcomes = publisher.publish(List.of(event("a"), event("b"), event("c")));

    assertThat(outcomes)
        .containsExactly(new Published("id-1"), new Published("id-3"), new Published("id-2"));
    assertThat(bus.calls)
        .extracting(call -> call.stream().map(PutEventsRequestEntry::detailType).toList())
        .containsExactly(List.of("a", "b", "c"), List.of("b"), List.of("b"));
    assertThat(pauses).containsExactly(Duration.ofMillis(50), Duration.ofMillis(100));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ThrottlingException", "InternalFailure", "SomethingNew"})
  void reportsAnEntryAsFailedThatKeepsFailing(String code) {
    bus.failNext("b", code, code, code);

    assertThat(publisher.publish(List.of(event("a"), event("b"))))
        .containsExactly(new Published("id-1"), new Failed(code, "because"));
    assertThat(bus.calls).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"MalformedDetail", "InvalidArgument"})
  void repeatsNothingThatTheBusRefusesForGood(String code) {
    bus.failNext("b", code);

    assertThat(publisher.publish(List.of(event("a"), event("b"))))
        .containsExactly(new Published("id-1"), new Refused(code, "because"));
    assertThat(bus.calls).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AccessDeniedException",
        "NotAuthorizedForSourceException",
        "NotAuthorizedForDetailTypeException",
        "InvalidAccountIdException"
      })
  void keepsAnEventForLaterWhereAnOperatorMustHelp(String code) {
    bus.failNext("b", code);

    assertThat(publisher.publish(List.of(event("b")))).containsExactly(new Failed(code, "because"));
    assertThat(bus.calls).hasSize(1);
  }

  @Test
  void findsTheBadEntryOfACallThatWasRefusedAsAWhole() {
    var outcomes = publisher.publish(List.of(event("a"), event(""), event("c")));

    assertThat(outcomes.get(0)).isInstanceOf(Published.class);
    assertThat(outcomes.get(1))
        .isInstanceOfSatisfying(
            Failed.class, failed -> assertThat(failed.code()).isEqualTo("ValidationException"));
    assertThat(outcomes.get(2)).isInstanceOf(Published.class);
    assertThat(bus.published).containsExactly("a", "c");
  }

  /** As where the bus is set up by a name that EventBridge refuses: every event is refused so. */
  @ParameterizedTest
  @ValueSource(strings = {"ValidationException", "SerializationException"})
  void givesUpNoEventForACallThatWasRefusedAsAWhole(String code) {
    for (var i = 0; i < 3; i++) {
      bus.failNextCall(FakeEventBridge.error(400, code));
    }

    assertThat(publisher.publish(List.of(event("a"), event("b"))))
        .hasSize(2)
        .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Failed.class));
  }

  @Test
  void failsTheEntriesOfACallThatFailedAndPublishesTheNextCallsEntries() {
    for (var failure :
        List.of(
            FakeEventBridge.noAnswer(),
            FakeEventBridge.error(503, "ServiceUnavailable"),
            FakeEventBridge.error(400, "AccessDeniedException"),
            FakeEventBridge.error(400, "ResourceNotFoundException"),
            new IllegalStateException("Connection pool shut down"))) {
      bus.failNextCall(failure);

      var outcomes = publisher.publish(Stream.generate(() -> event("a")).limit(12).toList());

      assertThat(outcomes.subList(0, 10)).allMatch(Failed.class::isInstance);
      assertThat(outcomes.subList(10, 12)).allMatch(Published.class::isInstance);
    }
  }

  @Test
  void saysWhyNothingIsKnownOfAnEntry() {
    bus.failNextCall(FakeEventBridge.noAnswer());

    assertThat(publisher.publish(List.of(event("a"))))
        .containsExactly(new Failed("SdkClientException", "connection reset"));
  }

  @Test
  void failsTheEntriesThatTheBusSaysNothingAbout() {
    bus.answerForOneLess();

    assertThat(publisher.publish(List.of(event("a"), event("b"))))
        .satisfiesExactly(
            first -> assertThat(first).isInstanceOf(Published.class),
            second ->
                assertThat(second)
                    .isEqualTo(
                        new Failed("MissingResult", "PutEvents answered for fewer entries")));
  }

  @Test
  void stopsRepeatingWhenItsThreadIsInterrupted() {
    bus.failNext("a", "ThrottlingException");
    var interrupted =
        publisher(_ -> {
          throw new InterruptedException();
        });

    assertThat(interrupted.publish(List.of(event("a"))))
        .containsExactly(new Failed("ThrottlingException", "because"));
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void countsWhatBecameOfEachEvent() {
    bus.failNext("b", "MalformedDetail");
    bus.failNext("c", "AccessDeniedException");

    publisher.publish(List.of(event("a"), event("a"), event("b"), event("c")));

    assertThat(published("a", "published")).isEqualTo(2);
    assertThat(published("b", "refused")).isEqualTo(1);
    assertThat(published("c", "failed")).isEqualTo(1);
  }

  @Test
  void isAStepOfTheTraceOfEachEvent() {
    bus.failNext("b", "ThrottlingException");
    bus.failNext("c", "MalformedDetail");
    bus.failNext("d", "AccessDeniedException");

    publisher.publish(
        Stream.of("a", "b", "c", "d")
            .map(it -> new OutgoingEvent(it, tracedBy(it), List.of(), OPENED_AT))
            .toList());

    assertThat(recorded.spans())
        .extracting(
            SpanData::getName,
            SpanData::getParentSpanId,
            it -> noted(it, "smartdoor.detail-type"),
            it -> noted(it, "messaging.message.id"),
            it -> noted(it, "error.type"))
        .containsExactly(
            tuple("publish smartdoor", "000000000000000a", "a", "id-1", null),
            tuple("publish smartdoor", "000000000000000b", "b", "id-2", null),
            tuple("publish smartdoor", "000000000000000c", "c", null, "MalformedDetail"),
            tuple("publish smartdoor", "000000000000000d", "d", null, "AccessDeniedException"));
  }

  private static String tracedBy(String lastOfTheSpan) {
    return "{\"metadata\":{\"traceparent\":\"00-0af7651916cd43dd8448eb211c80319c-000000000000000%s-01\"}}"
        .formatted(lastOfTheSpan);
  }

  private static @Nullable String noted(SpanData span, String name) {
    return span.getAttributes().get(AttributeKey.stringKey(name));
  }

  private double published(String detailType, String outcome) {
    return meters
        .get("smartdoor.events.published")
        .tags("detail-type", detailType, "outcome", outcome)
        .counter()
        .count();
  }

  private EventBridgePublisher publisher(EventBridgePublisher.Pause pause) {
    var backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), () -> 0);
    return new EventBridgePublisher(bus, "smartdoor", backoff, pause, meters, traces);
  }

  private static OutgoingEvent event(String detailType) {
    return new OutgoingEvent(detailType, "{}", List.of(), OPENED_AT);
  }

  private static OutgoingEvent eventOfSize(int bytes) {
    var empty = Batches.sizeOf(new OutgoingEvent("large", "{\"a\":\"\"}", List.of(), OPENED_AT));
    return new OutgoingEvent(
        "large", "{\"a\":\"" + "x".repeat(bytes - empty) + "\"}", List.of(), OPENED_AT);
  }
}
