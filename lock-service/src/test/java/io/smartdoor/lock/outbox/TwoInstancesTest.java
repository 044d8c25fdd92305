package io.smartdoor.lock.outbox;

import static io.smartdoor.lock.outbox.OutboxFixture.CODEC;
import static io.smartdoor.lock.outbox.OutboxFixture.LEASE;
import static io.smartdoor.lock.outbox.OutboxFixture.NOW;
import static io.smartdoor.lock.outbox.OutboxFixture.POLICY;
import static io.smartdoor.lock.outbox.OutboxFixture.aDoor;
import static io.smartdoor.lock.outbox.OutboxFixture.anOpeningOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smartdoor.infra.testing.LocalAws;
import io.smartdoor.lock.LocalDynamoDb;
import io.smartdoor.messaging.publishing.OutgoingEvent;
import io.smartdoor.messaging.testing.RecordingPublisher;
import io.smartdoor.messaging.testing.SettableClock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Two instances, each with its own client, sweep one table of an emulator; in an account of its
 * own, as the contexts that other tests leave running sweep too.
 */
@Timeout(120)
class TwoInstancesTest {

  private static final LocalAws AWS = LocalAws.inItsOwnAccount(Map.of(), "lock");
  private static final int EVENTS = 400;

  private final SettableClock clock = new SettableClock(NOW.plus(LEASE));

  private final AtomicInteger lost = new AtomicInteger();
  private final RecordingPublisher bus = new RecordingPublisher();

  @Test
  void publishABacklogOnceAndSeldomAskForTheSameLease() throws Exception {
    try (var first = LocalDynamoDb.of(AWS);
        var second = LocalDynamoDb.of(AWS)) {
      var backlog = backlog(first);
      var door = aDoor();
      var events = Stream.generate(() -> anOpeningOf(door)).limit(EVENTS).toList();
      atOnce(events.stream().<Callable<Object>>map(it -> () -> backlog.accept(it)).toList());
      var sweepers = List.of(sweeper(first, 1), sweeper(second, 2));

      var sweeps = 0;
      while (!published().containsAll(outgoing(events))) {
        assertThat(sweeps++).as("sweeps until all was published").isLessThan(20);
        atOnce(
            sweepers.stream()
                .<Callable<Object>>map(it ->
                    () -> {
                      it.sweep();
                      return it;
                    })
                .toList());
      }

      assertThat(bus.published().stream().filter(outgoing(events)::contains)).hasSize(EVENTS);
      assertThat(lost.get()).as("leases that the other had").isLessThan(EVENTS / 2);
    }
  }

  private Set<OutgoingEvent> published() {
    return Set.copyOf(bus.published());
  }

  private static Set<OutgoingEvent> outgoing(List<AcceptedEvent> events) {
    return events.stream().map(AcceptedEvent::outgoing).collect(Collectors.toSet());
  }

  private Sweeper sweeper(DynamoDbClient dynamoDb, int seed) {
    var metrics = metrics();
    var backlog = new CountedLeases(backlog(dynamoDb), lost);
    return new Sweeper(
        backlog,
        new Relay(backlog, bus, POLICY, metrics, clock),
        POLICY,
        new SweepPolicy(8, 500),
        metrics,
        clock,
        duration -> {},
        new Random(seed));
  }

  private DynamoDbOutbox backlog(DynamoDbClient dynamoDb) {
    return new DynamoDbOutbox(
        dynamoDb, AWS.output("lock", "OutboxTable"), LEASE, CODEC, UUID::randomUUID, metrics());
  }

  private OutboxMetrics metrics() {
    return new OutboxMetrics(new SimpleMeterRegistry(), clock);
  }

  private static void atOnce(List<Callable<Object>> calls) throws Exception {
    try (var threads = Executors.newFixedThreadPool(16)) {
      for (var each : threads.invokeAll(calls)) {
        each.get();
      }
    }
  }
}
