package io.smartdoor.lock.door;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.smartdoor.events.DoorId;
import io.smartdoor.infra.testing.LocalAws;
import io.smartdoor.lock.LocalDynamoDb;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class DynamoDbDoorsTest extends DoorsContract {

  private static final LocalAws AWS = LocalAws.withStacks("lock");
  private static final String TABLE = AWS.output("lock", "DoorsTable");
  private static final DynamoDbClient DYNAMO_DB = LocalDynamoDb.of(AWS);

  private final SecureRandom random = new SecureRandom();
  private final Doors doors =
      new DynamoDbDoors(
          DYNAMO_DB, TABLE, new DoorKeyCipher("the data key", random), DoorKey.generate(random));

  @Override
  Doors doors() {
    return doors;
  }

  @Test
  void storesNoKeyAsItIs() {
    var key = DoorKey.generate(random);
    doors.add(new Door(new DoorId("hidden"), new DoorName("Hidden")), key);

    var stored = item("hidden").toString() + new String(bytes("hidden"), ISO_8859_1);

    assertThat(stored)
        .doesNotContain(key.asText())
        .doesNotContain(new String(key.bytes(), ISO_8859_1));
    doors.remove(new DoorId("hidden"));
  }

  @Test
  void refusesAKeyThatSomebodyMovedToAnotherDoor() {
    doors.add(new Door(new DoorId("moved"), new DoorName("Moved")), DoorKey.generate(random));
    var moved = new HashMap<>(item("moved"));
    moved.put("id", AttributeValue.fromS("target"));
    DYNAMO_DB.putItem(it -> it.tableName(TABLE).item(moved));

    assertThatIllegalStateException()
        .isThrownBy(() -> doors.findWithKey(new DoorId("target")))
        .withMessageContaining("target");
    doors.remove(new DoorId("moved"));
    doors.remove(new DoorId("target"));
  }

  private static byte[] bytes(String id) {
    return item(id).getOrDefault("encrypted-key", AttributeValue.fromS("")).b().asByteArray();
  }

  private static Map<String, AttributeValue> item(String id) {
    return DYNAMO_DB
        .getItem(it -> it.tableName(TABLE).key(Map.of("id", AttributeValue.fromS(id))))
        .item();
  }
}
