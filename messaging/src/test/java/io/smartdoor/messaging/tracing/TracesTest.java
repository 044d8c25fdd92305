package io.smartdoor.messaging.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.smartdoor.messaging.testing.RecordedTraces;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TracesTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";
  private static final String TRACEPARENT = "00-%s-%s-01".formatted(TRACE, SPAN);
  private static final Instant SINCE = Instant.parse("2026-01-31T12:00:00.250Z");

  private final RecordedTraces recorded = new RecordedTraces();
  private final Traces traces = recorded.traces();

  @Test
  void beginsATraceThatTheThreadIsInUntilTheStepIsClosed() {
    Optional<String> within;
    try (var _ = traces.serving("POST /v1/things", SINCE, Optional.empty())) {
      within = traces.traceparent();
    }

    assertThat(traces.traceparent()).isEmpty();
    assertThat(recorded.spans())
        .singleElement()
        .satisfies(span -> {
          assertThat(span.getName()).isEqualTo("POST /v1/things");
          assertThat(span.getKind()).isEqualTo(SpanKind.SERVER);
          assertThat(span.getParentSpanContext().isValid()).isFalse();
          assertThat(span.getLinks()).isEmpty();
          assertThat(span.getStatus()).isEqualTo(StatusData.unset());
          assertThat(span.getStartEpochNanos())
              .isEqualTo(TimeUnit.MILLISECONDS.toNanos(SINCE.toEpochMilli()));
          assertThat(within.orElseThrow())
              .startsWith("00-%s-%s-0".formatted(span.getTraceId(), span.getSpanId()))
              .matches(".*-0[13]"); // recorded, and perhaps of a random id
        });
  }

  @Test
  void linksTheTraceOfACallerButDoesNotJoinIt() {
    traces.serving("POST /v1/things", SINCE, Optional.of(TRACEPARENT)).close();

    var span = recorded.spans().getFirst();
    assertThat(span.getTraceId()).isNotEqualTo(TRACE);
    assertThat(span.getParentSpanContext().isValid()).isFalse();
    assertThat(span.getLinks())
        .extracting(LinkData::getSpanContext)
        .singleElement()
        .satisfies(link -> {
          assertThat(link.getTraceId()).isEqualTo(TRACE);
          assertThat(link.getSpanId()).isEqualTo(SPAN);
        });
  }

  @Test
  void beginsATraceAnewWhateverTheThreadWasIn() {
    try (var _ = traces.handling("notification", "Door Status", Optional.of(TRACEPARENT))) {
      traces.serving("POST /v1/things", SINCE, Optional.empty()).close();
    }

    assertThat(recorded.spans().getFirst().getTraceId()).isNotEqualTo(TRACE);
  }

  @Test
  void goesOnWithTheTraceOfAnEventThatWasReceived() {
    try (var _ = traces.handling("notification", "Door Status", Optional.of(TRACEPARENT))) {
      assertThat(traces.traceparent().orElseThrow()).startsWith("00-" + TRACE).endsWith("-01");
    }

    var span = recorded.spans().getFirst();
    assertThat(span.getName()).isEqualTo("process notification");
    assertThat(span.getKind()).isEqualTo(SpanKind.CONSUMER);
    assertThat(span.getTraceId()).isEqualTo(TRACE);
    assertThat(span.getParentSpanId()).isEqualTo(SPAN);
    assertThat(span.getAttributes().asMap())
        .isEqualTo(
            Map.of(
                AttributeKey.stringKey("messaging.system"), "aws_sqs",
                AttributeKey.stringKey("messaging.operation.type"), "process",
                AttributeKey.stringKey("messaging.destination.name"), "notification",
                AttributeKey.stringKey("smartdoor.detail-type"), "Door Status"));
  }

  @Test
  void goesOnWithTheTraceOfAnEventThatIsPublishedWithoutTheThread() {
    try (var _ = traces.publishing("smartdoor", "Door Status", detail(TRACEPARENT))) {
      assertThat(traces.traceparent()).isEmpty();
    }

    var span = recorded.spans().getFirst();
    assertThat(span.getName()).isEqualTo("publish smartdoor");
    assertThat(span.getKind()).isEqualTo(SpanKind.PRODUCER);
    assertThat(span.getTraceId()).isEqualTo(TRACE);
    assertThat(span.getParentSpanId()).isEqualTo(SPAN);
    assertThat(span.getAttributes().asMap())
        .isEqualTo(
            Map.of(
                AttributeKey.stringKey("messaging.system"), "aws_eventbridge",
                AttributeKey.stringKey("messaging.operation.type"), "send",
                AttributeKey.stringKey("messaging.destination.name"), "smartdoor",
                AttributeKey.stringKey("smartdoor.detail-type"), "Door Status"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yesterday", "00-0-0-01", "ff-" + TRACE + "-" + SPAN + "-01"})
  void takesAContextThatIsNoneForNone(String malformed) {
    traces.serving("POST /v1/things", SINCE, Optional.of(malformed)).close();
    traces.handling("notification", "Door Status", Optional.of(malformed)).close();
    traces.publishing("smartdoor", "Door Status", detail(malformed)).close();

    assertThat(recorded.spans())
        .hasSize(3)
        .allSatisfy(span -> {
          assertThat(span.getParentSpanContext().isValid()).isFalse();
          assertThat(span.getLinks()).isEmpty();
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no JSON", "[]", "{\"metadata\": 7}", "{}"})
  void publishesWhatNothingCanBeReadOf(String detail) {
    traces.publishing("smartdoor", "Door Status", detail).close();

    assertThat(recorded.spans().getFirst().getParentSpanContext().isValid()).isFalse();
  }

  /** What decided for the webhook decides for all that follows. */
  @Test
  void recordsNothingOfATraceThatIsNotKeptButCarriesItOn() {
    var notKept = "00-%s-%s-00".formatted(TRACE, SPAN);

    try (var _ = traces.handling("notification", "Door Status", Optional.of(notKept))) {
      assertThat(traces.traceparent().orElseThrow()).startsWith("00-" + TRACE).endsWith("-00");
    }

    assertThat(recorded.spans()).isEmpty();
  }

  @Test
  void notesWhatIsKnownOfAStep() {
    try (var step = traces.handling("notification", "Door Status", Optional.empty())) {
      step.note("smartdoor.outcome", "handler-failed")
          .note("http.response.status_code", 503)
          .failed("handler-failed");
    }

    var span = recorded.spans().getFirst();
    assertThat(span.getStatus()).isEqualTo(StatusData.error());
    assertThat(span.getAttributes().asMap())
        .containsEntry(AttributeKey.stringKey("smartdoor.outcome"), "handler-failed")
        .containsEntry(AttributeKey.longKey("http.response.status_code"), 503L)
        .containsEntry(AttributeKey.stringKey("error.type"), "handler-failed");
  }

  @Test
  void doesNothingWhereNobodyCollectsTraces() {
    var off = Traces.off();

    assertThat(off.serving("POST /v1/things", SINCE, Optional.of(TRACEPARENT)))
        .isSameAs(off.handling("notification", "Door Status", Optional.of(TRACEPARENT)))
        .isSameAs(off.publishing("smartdoor", "Door Status", detail(TRACEPARENT)));
    try (var step = off.handling("notification", "Door Status", Optional.of(TRACEPARENT))) {
      assertThat(step.note("a", "b").note("c", 1).failed("d")).isSameAs(step);
      assertThat(off.traceparent()).isEmpty();
      assertThat(Span.current().getSpanContext().isValid()).isFalse();
    }
  }

  /** Another's tracing, by an agent say, is none of ours. */
  @Test
  void carriesOnNobodyElsesTraceWhereItIsOff() {
    try (var _ = traces.handling("notification", "Door Status", Optional.of(TRACEPARENT))) {
      assertThat(Traces.off().traceparent()).isEmpty();
    }
  }

  private static String detail(String traceparent) {
    return "{\"metadata\": {\"traceparent\": \"%s\"}}".formatted(traceparent);
  }
}
