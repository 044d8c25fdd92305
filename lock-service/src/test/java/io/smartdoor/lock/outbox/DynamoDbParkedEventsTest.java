package io.smartdoor.lock.outbox;

import static io.smartdoor.lock.outbox.OutboxFixture.CODEC;
import static io.smartdoor.lock.outbox.OutboxFixture.LEASE;
import static io.smartdoor.lock.outbox.OutboxFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smartdoor.infra.testing.LocalAws;
import io.smartdoor.lock.LocalDynamoDb;
import io.smartdoor.lock.LostAnswers;
import io.smartdoor.messaging.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** On an account of its own: its events, pending for ever, are nobody's to publish. */
class DynamoDbParkedEventsTest extends ParkedEventsContract {

  private static final LocalAws AWS = LocalAws.inItsOwnAccount(Map.of(), "lock");
  private static final String TABLE = AWS.output("lock", "OutboxTable");
  private static final LostAnswers ANSWERS = new LostAnswers();
  private static final DynamoDbClient DYNAMO_DB = LocalDynamoDb.of(AWS, ANSWERS);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final OutboxMetrics metrics = new OutboxMetrics(meters, new SettableClock(NOW));
  private final DynamoDbOutbox outbox =
      new DynamoDbOutbox(DYNAMO_DB, TABLE, LEASE, CODEC, UUID::randomUUID, metrics);
  private final ParkedEvents parkedEvents =
      new DynamoDbParkedEvents(DYNAMO_DB, TABLE, UUID::randomUUID, metrics);

  @Override
  Outbox outbox() {
    return outbox;
  }

  @Override
  Backlog backlog() {
    return outbox;
  }

  @Override
  ParkedEvents parkedEvents() {
    return parkedEvents;
  }

  @Test
  void knowsItsOwnWriteWhenItsAnswerWasLost() {
    var redriven = parked(NOW);
    ANSWERS.loseNext("UpdateItem");
    assertThat(parkedEvents.redrive(redriven.key(), NOW)).isEqualTo(new Unparking.Done());
    assertThat(ANSWERS.lost()).isTrue();

    var dropped = parked(NOW);
    ANSWERS.loseNext("UpdateItem");
    assertThat(parkedEvents.drop(dropped.key(), new DropReason("scrapped"), NOW, NOW))
        .isEqualTo(new Unparking.Done());
    assertThat(ANSWERS.lost()).isTrue();
  }

  @Test
  void keepsWhyAndWhenWithWhatIsDroppedAndLetsItExpire() {
    var event = parked(NOW);
    var expiry = NOW.plus(Duration.ofDays(90));

    parkedEvents.drop(event.key(), new DropReason("scrapped"), NOW, expiry);

    assertThat(item(event))
        .doesNotContainKeys("parked", "pending-shard")
        .containsEntry("drop-reason", AttributeValue.fromS("scrapped"))
        .containsEntry("dropped-at", AttributeValue.fromS(NOW.toString()))
        .containsEntry("parked-code", AttributeValue.fromS("MalformedDetail"))
        .containsEntry("expires-at", AttributeValue.fromN(String.valueOf(expiry.getEpochSecond())));
  }

  @Test
  void whatIsRedrivenDoesNotExpire() {
    var event = parked(NOW);

    parkedEvents.redrive(event.key(), NOW);

    assertThat(item(event)).containsKey("pending-shard").doesNotContainKeys("expires-at", "parked");
  }

  @Test
  void anItemThatIsSpoiltIsLeftOutAndCounted() {
    var spoilt = parked(Instant.EPOCH);
    var fine = parked(Instant.EPOCH.plusMillis(1));
    var item = new HashMap<>(item(spoilt));
    item.put("time", AttributeValue.fromS("{"));
    DYNAMO_DB.putItem(it -> it.tableName(TABLE).item(item));

    assertThat(parkedEvents.find(spoilt.key())).isEmpty();
    assertThat(parkedEvents.page(100, Optional.empty()).items())
        .extracting(ParkedEvent::key)
        .contains(fine.key())
        .doesNotContain(spoilt.key());
    assertThat(meters.get("smartdoor.outbox.unreadable").counter().count()).isEqualTo(2);
  }

  private static Map<String, AttributeValue> item(AcceptedEvent event) {
    return DYNAMO_DB
        .getItem(it ->
            it.tableName(TABLE)
                .consistentRead(true)
                .key(Map.of("idempotency-key", AttributeValue.fromS(event.key().toString()))))
        .item();
  }
}
