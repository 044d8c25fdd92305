package io.smartdoor.lock.outbox;

import static io.smartdoor.lock.outbox.OutboxFixture.CODEC;
import static io.smartdoor.lock.outbox.OutboxFixture.LEASE;
import static io.smartdoor.lock.outbox.OutboxFixture.NOW;
import static io.smartdoor.lock.outbox.OutboxFixture.aDoor;
import static io.smartdoor.lock.outbox.OutboxFixture.anOpeningOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.infra.testing.LocalAws;
import io.smartdoor.lock.LocalDynamoDb;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** On an account of its own: its events, pending for ever, are nobody's to publish. */
class DynamoDbOutboxTest extends OutboxContract {

  private static final LocalAws AWS = LocalAws.inItsOwnAccount(Map.of(), "lock");
  private static final String TABLE = AWS.output("lock", "OutboxTable");
  private static final DynamoDbClient DYNAMO_DB = LocalDynamoDb.of(AWS);

  private final DynamoDbOutbox outbox =
      new DynamoDbOutbox(DYNAMO_DB, TABLE, LEASE, CODEC, UUID::randomUUID);

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
    var write = UUID.randomUUID();
    var retrying = new DynamoDbOutbox(DYNAMO_DB, TABLE, LEASE, CODEC, () -> write);
    var event = anOpeningOf(aDoor());
    retrying.accept(event);

    assertThat(retrying.accept(event)).isInstanceOf(Acceptance.New.class);
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
}
