package io.smartdoor.messaging.tracing;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.smartdoor.events.EventCodec;
import io.smartdoor.events.InvalidEventException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Records what a service does for an event as steps of one trace, which the event carries along in
 * {@code detail.metadata.traceparent} (W3C Trace Context).
 *
 * <p>Where nobody collects traces, every step is the same one, that does nothing, and events carry
 * what they came with. No step, recorded or not, makes anything fail. Safe for use by several
 * threads.
 */
public final class Traces {

  private static final Traces OFF = new Traces(null);

  private static final String SCOPE = "io.smartdoor";

  private static final TextMapGetter<String> ONLY_HEADER =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String traceparent) {
          return List.of("traceparent");
        }

        @Override
        public @Nullable String get(@Nullable String traceparent, String header) {
          return header.equals("traceparent") ? traceparent : null;
        }
      };

  private final @Nullable Tracer tracer;
  private final EventCodec codec = new EventCodec();

  private Traces(@Nullable Tracer tracer) {
    this.tracer = tracer;
  }

  /** Nothing is traced. */
  public static Traces off() {
    return OFF;
  }

  /** Steps become spans of {@code openTelemetry}'s. */
  public static Traces by(OpenTelemetry openTelemetry) {
    return new Traces(openTelemetry.getTracer(SCOPE));
  }

  /**
   * Begins a trace, with the calling thread in it: somebody from outside asked for something.
   *
   * @param route the method and the path's pattern
   * @param since when the work on it began
   * @param caller the trace in which the caller says to be; it is linked, for a stranger's word
   *     decides neither where a trace belongs nor whether it is kept
   */
  public Step serving(String route, Instant since, Optional<String> caller) {
    if (tracer == null) {
      return Step.UNTRACED;
    }
    var span =
        tracer
            .spanBuilder(route)
            .setSpanKind(SpanKind.SERVER)
            .setNoParent()
            .setStartTimestamp(since);
    caller
        .map(Traces::contextOf)
        .map(Span::fromContext)
        .map(Span::getSpanContext)
        .filter(SpanContext::isValid)
        .ifPresent(span::addLink);
    return entered(span);
  }

  /**
   * Goes on with an event's trace, with the calling thread in it: a subscriber has received it.
   *
   * @param traceparent the event's own, if it has one: otherwise a trace begins here
   */
  public Step handling(String subscriber, String detailType, Optional<String> traceparent) {
    if (tracer == null) {
      return Step.UNTRACED;
    }
    return entered(
        tracer
            .spanBuilder("process " + subscriber)
            .setSpanKind(SpanKind.CONSUMER)
            .setParent(contextOf(traceparent.orElse("")))
            .setAttribute("messaging.system", "aws_sqs")
            .setAttribute("messaging.operation.type", "process")
            .setAttribute("messaging.destination.name", subscriber)
            .setAttribute("smartdoor.detail-type", detailType));
  }

  /**
   * Goes on with an event's trace, on whichever instance and however much later: it is put on the
   * bus. The calling thread, which may publish many at once, is not in it.
   *
   * @param detail as it goes onto the bus
   */
  public Step publishing(String bus, String detailType, String detail) {
    if (tracer == null) {
      return Step.UNTRACED;
    }
    var span =
        tracer
            .spanBuilder("publish " + bus)
            .setSpanKind(SpanKind.PRODUCER)
            .setParent(contextOf(traceparentIn(detail)))
            .setAttribute("messaging.system", "aws_eventbridge")
            .setAttribute("messaging.operation.type", "send")
            .setAttribute("messaging.destination.name", bus)
            .setAttribute("smartdoor.detail-type", detailType);
    return new Step(span.startSpan(), Scope.noop());
  }

  /** What an event is to carry that the calling thread's step leads to, if there is such a step. */
  public Optional<String> traceparent() {
    if (tracer == null) {
      return Optional.empty();
    }
    return Optional.of(Span.current().getSpanContext())
        .filter(SpanContext::isValid)
        .map(it ->
            "00-%s-%s-%s".formatted(it.getTraceId(), it.getSpanId(), it.getTraceFlags().asHex()));
  }

  @SuppressWarnings("MustBeClosedChecker") // closed with the step
  private static Step entered(SpanBuilder builder) {
    var span = builder.startSpan();
    return new Step(span, span.makeCurrent());
  }

  private String traceparentIn(String detail) {
    try {
      return codec.traceparentIn(detail).orElse("");
    } catch (InvalidEventException _) {
      return "";
    }
  }

  /** Without a span in it where {@code traceparent} is none. */
  private static Context contextOf(String traceparent) {
    return W3CTraceContextPropagator.getInstance()
        .extract(Context.root(), traceparent, ONLY_HEADER);
  }
}
