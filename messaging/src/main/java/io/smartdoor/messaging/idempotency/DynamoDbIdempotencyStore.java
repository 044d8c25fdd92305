package io.smartdoor.messaging.idempotency;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * One item per event, and one conditional write per operation:
 *
 * <table>
 * <caption>Attributes</caption>
 * <tr><td>{@code event} <td>the key, {@code <detail-type>#<idempotency key>}
 * <tr><td>{@code token} <td>of the latest grant
 * <tr><td>{@code lease-until} <td>epoch milliseconds; absent where nobody holds the event
 * <tr><td>{@code attempts} <td>grants without a clean release
 * <tr><td>{@code handled-at} <td>epoch milliseconds; absent until the event was handled
 * <tr><td>{@code expires-at} <td>epoch seconds, when DynamoDB may delete the item
 * </table>
 *
 * <p>The SDK repeats a write whose answer was lost. The repetition fails the condition, because the
 * first one did its work; the item that comes back then carries the caller's own token, which tells
 * this from another consumer's work.
 */
final class DynamoDbIdempotencyStore implements IdempotencyStore {

  private static final Map<String, String> NAMES =
      Map.of(
          "#token", "token",
          "#lease", "lease-until",
          "#attempts", "attempts",
          "#handled", "handled-at",
          "#expires", "expires-at");

  private static final String MINE = "#token = :token AND attribute_exists(#lease)";

  private final DynamoDbClient client;
  private final String table;
  private final Duration lease;
  private final Clock clock;
  private final Supplier<UUID> tokens;

  DynamoDbIdempotencyStore(
      DynamoDbClient client, String table, Duration lease, Clock clock, Supplier<UUID> tokens) {
    this.client = client;
    this.table = table;
    this.lease = lease;
    this.clock = clock;
    this.tokens = tokens;
  }

  @Override
  public Claim claim(EventKey key) {
    var token = new ClaimToken(tokens.get());
    var now = clock.instant();
    var write =
        new Write(
            "SET #token = :token, #lease = :until, #expires = :expires ADD #attempts :one",
            "attribute_not_exists(#handled)"
                + " AND (attribute_not_exists(#lease) OR #lease <= :now)",
            Map.of(
                ":token", text(token),
                ":until", number(now.plus(lease).toEpochMilli()),
                ":expires", number(now.plus(RETENTION).getEpochSecond()),
                ":now", number(now.toEpochMilli()),
                ":one", number(1)));
    try {
      return granted(
          token, client.updateItem(update(key, write, ReturnValue.ALL_NEW)).attributes());
    } catch (ConditionalCheckFailedException e) {
      return refusal(token, e.item());
    }
  }

  private static Claim refusal(ClaimToken token, Map<String, AttributeValue> found) {
    if (text(token).equals(found.get("token"))) {
      return granted(token, found);
    }
    return found.containsKey("handled-at")
        ? new Claim.AlreadyHandled(instant(found, "handled-at"))
        : new Claim.HeldElsewhere(instant(found, "lease-until"));
  }

  private static Claim.Granted granted(ClaimToken token, Map<String, AttributeValue> item) {
    return new Claim.Granted(
        token, instant(item, "lease-until"), Math.toIntExact(number(item, "attempts")));
  }

  /** A repeated one meets its own token and lease, and sets the same end once more. */
  @Override
  public Optional<Instant> renew(EventKey key, ClaimToken token) {
    var until = clock.instant().plus(lease).toEpochMilli();
    var write =
        new Write(
            "SET #lease = :until", MINE, Map.of(":token", text(token), ":until", number(until)));
    try {
      client.updateItem(update(key, write, ReturnValue.NONE));
      return Optional.of(Instant.ofEpochMilli(until));
    } catch (ConditionalCheckFailedException e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean complete(EventKey key, ClaimToken token) {
    var now = clock.instant();
    var write =
        new Write(
            "SET #handled = :now, #expires = :expires REMOVE #lease",
            MINE,
            Map.of(
                ":token", text(token),
                ":now", number(now.toEpochMilli()),
                ":expires", number(now.plus(RETENTION).getEpochSecond())));
    return changed(key, token, write, true);
  }

  @Override
  public boolean release(EventKey key, ClaimToken token, Release how) {
    var write =
        switch (how) {
          case CLEAN ->
              new Write(
                  "REMOVE #lease ADD #attempts :back",
                  MINE,
                  Map.of(":token", text(token), ":back", number(-1)));
          case COUNTED -> new Write("REMOVE #lease", MINE, Map.of(":token", text(token)));
          case REJECTED ->
              new Write("REMOVE #lease, #attempts", MINE, Map.of(":token", text(token)));
        };
    return changed(key, token, write, false);
  }

  /** Whether {@code write} was done, by this call or by one before it whose answer was lost. */
  private boolean changed(EventKey key, ClaimToken token, Write write, boolean completing) {
    try {
      client.updateItem(update(key, write, ReturnValue.NONE));
      return true;
    } catch (ConditionalCheckFailedException e) {
      var found = e.item();
      return text(token).equals(found.get("token"))
          && found.containsKey("handled-at") == completing;
    }
  }

  private UpdateItemRequest update(EventKey key, Write write, ReturnValue wanted) {
    return UpdateItemRequest.builder()
        .tableName(table)
        .key(Map.of("event", AttributeValue.fromS(key.toString())))
        .updateExpression(write.update)
        .conditionExpression(write.condition)
        .expressionAttributeNames(write.names())
        .expressionAttributeValues(write.values)
        .returnValues(wanted)
        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
        .build();
  }

  private static AttributeValue text(ClaimToken token) {
    return AttributeValue.fromS(token.toString());
  }

  private static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }

  private static Instant instant(Map<String, AttributeValue> item, String attribute) {
    return Instant.ofEpochMilli(number(item, attribute));
  }

  private static long number(Map<String, AttributeValue> item, String attribute) {
    var value = item.get(attribute);
    if (value == null) {
      throw new IllegalStateException(
          "expected a record with %s, found %s".formatted(attribute, item.keySet()));
    }
    return Long.parseLong(value.n());
  }

  /** A conditional update; DynamoDB refuses a name or a value that no expression uses. */
  private record Write(String update, String condition, Map<String, AttributeValue> values) {

    Map<String, String> names() {
      var used = new HashMap<>(NAMES);
      used.keySet().removeIf(name -> !update.contains(name) && !condition.contains(name));
      return used;
    }
  }
}
