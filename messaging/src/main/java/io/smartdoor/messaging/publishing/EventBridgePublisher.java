package io.smartdoor.messaging.publishing;

import io.micrometer.core.instrument.MeterRegistry;
import io.smartdoor.events.SmartDoorEvent;
import io.smartdoor.messaging.AwsFailure;
import io.smartdoor.messaging.Backoff;
import io.smartdoor.messaging.publishing.PublishOutcome.Failed;
import io.smartdoor.messaging.publishing.PublishOutcome.Published;
import io.smartdoor.messaging.publishing.PublishOutcome.Refused;
import io.smartdoor.messaging.tracing.Step;
import io.smartdoor.messaging.tracing.Traces;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;

/**
 * Publishes by EventBridge's PutEvents.
 *
 * <p>Entries that failed within a call that succeeded are put again, three rounds in all. A call
 * that failed as a whole is not: the SDK has repeated it already. A call that was refused as a
 * whole is split, so that one bad entry fails alone; but whether the entry is bad or the call, by a
 * setting, such a refusal does not say, so it is none for good.
 */
final class EventBridgePublisher implements EventPublisher {

  private static final Logger log = LoggerFactory.getLogger(EventBridgePublisher.class);

  private static final int ROUNDS = 3;

  /**
   * Codes of a whole call that an entry of it may be to blame for:
   * https://docs.aws.amazon.com/eventbridge/latest/APIReference/CommonErrors.html
   */
  private static final Set<String> CALL_REFUSED =
      Set.of("ValidationException", "SerializationException");

  /** Waits; a test passes one that only takes note. */
  @FunctionalInterface
  interface Pause {
    void sleep(Duration duration) throws InterruptedException;
  }

  private final EventBridgeClient client;
  private final String bus;
  private final Backoff backoff;
  private final Pause pause;
  private final MeterRegistry meters;
  private final Traces traces;

  EventBridgePublisher(
      EventBridgeClient client,
      String bus,
      Backoff backoff,
      Pause pause,
      MeterRegistry meters,
      Traces traces) {
    this.client = client;
    this.bus = bus;
    this.backoff = backoff;
    this.pause = pause;
    this.meters = meters;
    this.traces = traces;
  }

  @Override
  public List<PublishOutcome> publish(List<OutgoingEvent> events) {
    var entries = events.stream().map(event -> new Entry(event, traced(event))).toList();
    var pending = entries.stream().filter(Entry::fits).toList();
    for (var round = 1; !pending.isEmpty(); round++) {
      Batches.of(pending, Entry::size).forEach(this::put);
      pending = pending.stream().filter(Entry::again).toList();
      if (round == ROUNDS || pending.isEmpty() || !paused(backoff.delay(round))) {
        break;
      }
    }
    report(entries);
    return entries.stream().map(Entry::outcome).toList();
  }

  private Step traced(OutgoingEvent event) {
    return traces.publishing(bus, event.detailType(), event.detail());
  }

  private void put(List<Entry> batch) {
    try {
      var entries = batch.stream().map(this::request).toList();
      var results = client.putEvents(request -> request.entries(entries)).entries();
      for (var i = 0; i < batch.size(); i++) {
        if (i < results.size()) {
          batch.get(i).answered(results.get(i));
        } else {
          batch.get(i).settled(new Failed("MissingResult", "PutEvents answered for fewer entries"));
        }
      }
    } catch (AwsServiceException e) {
      var code = AwsFailure.codeOf(e);
      if (batch.size() > 1 && CALL_REFUSED.contains(code)) {
        batch.forEach(entry -> put(List.of(entry)));
      } else {
        batch.forEach(entry -> entry.settled(new Failed(code, messageOf(e))));
      }
    } catch (RuntimeException e) {
      // No answer, or a client that was closed: whether the bus took the entries is not known.
      var failed = new Failed(e.getClass().getSimpleName(), messageOf(e));
      batch.forEach(entry -> entry.settled(failed));
    }
  }

  private PutEventsRequestEntry request(Entry entry) {
    var event = entry.event();
    return PutEventsRequestEntry.builder()
        .eventBusName(bus)
        .source(SmartDoorEvent.SOURCE)
        .detailType(event.detailType())
        .detail(event.detail())
        .resources(event.resources())
        .time(event.time())
        .build();
  }

  /** False where the thread was asked to stop: what is pending stays failed. */
  private boolean paused(Duration duration) {
    try {
      pause.sleep(duration);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void report(List<Entry> entries) {
    var codes = new ArrayList<String>();
    for (var entry : entries) {
      entry.close();
      switch (entry.outcome()) {
        case Published _ -> count(entry, "published");
        case Refused(var code, _) -> {
          count(entry, "refused");
          codes.add(code);
        }
        case Failed(var code, _) -> {
          count(entry, "failed");
          codes.add(code);
        }
      }
    }
    if (!codes.isEmpty()) {
      // Whoever publishes knows the keys, and says what it does about them.
      var distinct = new TreeSet<>(codes);
      log.warn("{} of {} events were not published: {}", codes.size(), entries.size(), distinct);
    }
  }

  private void count(Entry entry, String outcome) {
    meters
        .counter(
            "smartdoor.events.published",
            "detail-type",
            entry.event().detailType(),
            "outcome",
            outcome)
        .increment();
  }

  private static String messageOf(RuntimeException e) {
    return String.valueOf(e.getMessage());
  }
}
