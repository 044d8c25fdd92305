package io.smartdoor.lock.outbox;

import static io.smartdoor.lock.outbox.OutboxFixture.CODEC;
import static io.smartdoor.lock.outbox.OutboxFixture.LEASE;
import static io.smartdoor.lock.outbox.OutboxFixture.NOW;
import static io.smartdoor.lock.outbox.OutboxFixture.aDoor;
import static io.smartdoor.lock.outbox.OutboxFixture.anOpeningOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.infra.testing.LocalAws;
import io.smartdoor.lock.LocalDynamoDb;
import io.smartdoor.lock.LostAnswers;
import io.smartdoor.lock.SeenRequests;
import io.smartdoor.messaging.testing.SettableClock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/** On an account of its own: its events, pending for ever, are nobody's to publish. */
class DynamoDbOutboxTest extends OutboxContract {

  private static final LocalAws AWS = LocalAws.inItsOwnAccount(Map.of(), "lock");
  private static final String TABLE = AWS.output("lock", "OutboxTable");
  private static final LostAnswers ANSWERS = new LostAnswers();
  private static final SeenRequests REQUESTS = new SeenRequests();
  private static final DynamoDbClient DYNAMO_DB = LocalDynamoDb.of(AWS, ANSWERS, REQUESTS);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final OutboxMetrics metrics = new OutboxMetrics(meters, new SettableClock(NOW));
  private final DynamoDbOutbox outbox =
      new DynamoDbOutbox(DYNAMO_DB, TABLE, LEASE, CODEC, UUID::randomUUID, metrics);

  @Override
  Outbox outbox() {
    return outbox;
  }

  @Override
  Backlog backlog() {
    return outbox;
  }

  /** The first answer is lost, the SDK writes again, and the condition no longer holds. */
  @Test
  void knowsItsOwnWriteWhenItsAnswerWasLost() {
    var event = anOpeningOf(aDoor());
    ANSWERS.loseNext("PutItem");

    assertThat(outbox.accept(event)).isInstanceOf(Acceptance.New.class);

    assertThat(ANSWERS.lost()).isTrue();
    assertThat(outbox.accept(event)).isInstanceOf(Acceptance.Replayed.class);
  }

  @Test
  void knowsItsOwnLeaseWhenItsAnswerWasLost() {
    var event = anOpeningOf(aDoor());
    outbox.accept(event);
    var found = PendingEvent.accepted(event, LEASE);
    var now = NOW.plus(LEASE);
    var until = now.plus(LEASE);
    ANSWERS.loseNext("UpdateItem");

    var leased = outbox.lease(found, now, until);

    assertThat(ANSWERS.lost()).isTrue();
    assertThat(leased)
        .hasValueSatisfying(it -> {
          assertThat(it.leasedUntil()).isEqualTo(until.truncatedTo(ChronoUnit.MILLIS));
          assertThat(it.outgoing()).isEqualTo(event.outgoing());
        });
    assertThat(outbox.lease(found, now, until)).as("another's, until the same moment").isEmpty();
    ANSWERS.loseNext("UpdateItem");
    assertThat(outbox.lease(found, now, until)).as("of one who lost an answer too").isEmpty();
  }

  @Test
  void oneItemThatIsSpoiltBlocksNeitherItsShardNorADoorsList() {
    var door = aDoor();
    var spoilt = anOpeningOf(door, NOW);
    var fine = anOpeningOf(door, keyInShardOf(spoilt), "{}", NOW.minusSeconds(1));
    List.of(spoilt, fine).forEach(outbox::accept);
    spoil(spoilt, "detail");
    spoil(spoilt, "time");

    assertThat(due(shardOf(spoilt.key())))
        .extracting(PendingEvent::key)
        .contains(fine.key())
        .doesNotContain(spoilt.key());
    assertThat(outbox.history(door, 10, Optional.empty()).items())
        .extracting(RecordedEvent::key)
        .containsExactly(fine.key());
    assertThat(outbox.newest(door).map(RecordedEvent::key)).hasValue(fine.key());
    assertThat(outbox.survey().pending()).isPositive();
    assertThat(meters.get("smartdoor.outbox.unreadable").counter().count()).isPositive();
    List.of(spoilt, fine).forEach(this::publish);
  }

  @Test
  void listsAllPagesAroundAnItemThatIsSpoilt() {
    var door = aDoor();
    var events =
        IntStream.range(0, 4).mapToObj(i -> anOpeningOf(door, NOW.minusSeconds(i))).toList();
    events.forEach(outbox::accept);
    spoil(events.get(1), "detail");

    var first = outbox.history(door, 2, Optional.empty());
    var second = outbox.history(door, 2, first.next());

    assertThat(List.of(first, second))
        .flatMap(HistoryPage::items)
        .extracting(RecordedEvent::key)
        .containsExactly(events.get(0).key(), events.get(2).key(), events.get(3).key());
    assertThat(second.next()).isEmpty();
    events.forEach(this::publish);
  }

  /** What was read is worked through before more is read, and all of it is found. */
  @Test
  void readsABacklogByLimitedQueriesWhileItIsWorkedOff() {
    var first = anOpeningOf(aDoor());
    var events = new ArrayList<>(List.of(first));
    while (events.size() < 260) {
      events.add(anOpeningOf(aDoor(), keyInShardOf(first), "{}", NOW));
    }
    events.forEach(outbox::accept);
    REQUESTS.forget();

    var found = new ArrayList<IdempotencyKey>();
    for (var page : outbox.due(shardOf(first.key()), NOW.plus(LEASE))) {
      page.forEach(it -> {
        found.add(it.key());
        outbox.settle(it, new Settlement.Published(NOW, NOW));
      });
    }

    assertThat(found)
        .containsAll(events.stream().map(AcceptedEvent::key).toList())
        .doesNotHaveDuplicates();
    assertThat(REQUESTS.of(QueryRequest.class))
        .hasSizeBetween(2, 3)
        .allMatch(it -> it.limit() != null && it.limit() <= 500);
  }

  @Test
  void letsOnlyPublishedEventsExpire() {
    var event = anOpeningOf(aDoor());
    outbox.accept(event);
    var pending = PendingEvent.accepted(event, LEASE);

    assertThat(item(event)).doesNotContainKey("expires-at").containsKey("pending-shard");
    outbox.settle(pending, new Settlement.RetryAt(NOW));
    assertThat(item(event)).doesNotContainKey("expires-at").containsKey("pending-shard");
    outbox.settle(pending, new Settlement.Parked(NOW, "code", "message"));
    assertThat(item(event))
        .doesNotContainKeys("expires-at", "pending-shard", "pending-since")
        .containsKey("parked");
    outbox.settle(pending, new Settlement.Published(NOW, NOW.plus(RelayPolicy.RETENTION)));
    assertThat(item(event))
        .doesNotContainKeys("pending-shard", "pending-since", "parked", "parked-at", "parked-code")
        .containsEntry(
            "expires-at",
            AttributeValue.fromN(String.valueOf(NOW.plus(RelayPolicy.RETENTION).getEpochSecond())));
  }

  private static Map<String, AttributeValue> item(AcceptedEvent event) {
    return DYNAMO_DB
        .getItem(it ->
            it.tableName(TABLE)
                .consistentRead(true)
                .key(Map.of("idempotency-key", AttributeValue.fromS(event.key().toString()))))
        .item();
  }

  private List<PendingEvent> due(int shard) {
    return StreamSupport.stream(outbox.due(shard, NOW.plus(LEASE)).spliterator(), false)
        .flatMap(List::stream)
        .toList();
  }

  private static int shardOf(IdempotencyKey key) {
    return Math.floorMod(key.value().hashCode(), Backlog.SHARDS);
  }

  private static IdempotencyKey keyInShardOf(AcceptedEvent event) {
    return Stream.generate(OutboxFixture::aKey)
        .filter(it -> shardOf(it) == shardOf(event.key()))
        .findFirst()
        .orElseThrow();
  }

  private static void spoil(AcceptedEvent event, String attribute) {
    var item = new HashMap<>(item(event));
    item.put(attribute, AttributeValue.fromS("{"));
    DYNAMO_DB.putItem(it -> it.tableName(TABLE).item(item));
  }

  /** Out of the way of the other tests. */
  private void publish(AcceptedEvent event) {
    outbox.settle(PendingEvent.accepted(event, LEASE), new Settlement.Published(NOW, NOW));
  }
}
