package io.smartdoor.lock.door;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.events.DoorId;
import io.smartdoor.infra.testing.LocalAws;
import io.smartdoor.lock.LocalDynamoDb;
import io.smartdoor.lock.LostAnswers;
import io.smartdoor.lock.SeenRequests;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@ExtendWith(OutputCaptureExtension.class)
class DynamoDbDoorsTest extends DoorsContract {

  private static final LocalAws AWS = LocalAws.withStacks("lock");
  private static final String TABLE = AWS.output("lock", "DoorsTable");
  private static final LostAnswers ANSWERS = new LostAnswers();
  private static final SeenRequests REQUESTS = new SeenRequests();
  private static final DynamoDbClient DYNAMO_DB = LocalDynamoDb.of(AWS, ANSWERS, REQUESTS);

  private final SecureRandom random = new SecureRandom();
  private final CountingCipher cipher = new CountingCipher(random);
  private final DoorTable doors =
      new DynamoDbDoors(DYNAMO_DB, TABLE, cipher, DoorKey.generate(random));

  @Override
  DoorTable doors() {
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
  void registersADoorThoughTheAnswerIsLost() {
    var door = new Door(new DoorId("lost-answer"), new DoorName("Lost answer"));
    var key = DoorKey.generate(random);
    ANSWERS.loseNext("PutItem");

    assertThat(doors.add(door, key)).isTrue();

    assertThat(ANSWERS.lost()).isTrue();
    assertThat(doors.findWithKey(door.id()).orElseThrow().key().asText()).isEqualTo(key.asText());
    ANSWERS.loseNext("PutItem");
    assertThat(doors.add(door, key)).as("another registration").isFalse();
    doors.remove(door.id());
  }

  @Test
  void removesADoorThoughTheAnswerIsLost() {
    var id = new DoorId("lost-removal");
    doors.add(new Door(id, new DoorName("Lost removal")), DoorKey.generate(random));
    ANSWERS.loseNext("TransactWriteItems");

    assertThat(doors.remove(id)).isTrue();

    assertThat(ANSWERS.lost()).isTrue();
    assertThat(doors.find(id)).isEmpty();
  }

  /** Whether a door exists shows neither in what is asked of the table nor in what is computed. */
  @Test
  void aDoorThatDoesNotExistCostsWhatOneDoesThatDoes() {
    var id = new DoorId("existing");
    doors.add(new Door(id, new DoorName("Existing")), DoorKey.generate(random));

    REQUESTS.forget();
    doors.findWithKey(id);
    var requests = REQUESTS.names();
    var decryptions = cipher.decryptions();
    REQUESTS.forget();
    doors.findWithKey(new DoorId("not-existing"));

    assertThat(requests).containsExactly("GetItemRequest");
    assertThat(REQUESTS.names()).isEqualTo(requests);
    assertThat(decryptions).isEqualTo(1);
    assertThat(cipher.decryptions()).isEqualTo(2 * decryptions);
    doors.remove(id);
  }

  @Test
  void refusesAKeyThatSomebodyMovedToAnotherDoor(CapturedOutput output) {
    doors.add(new Door(new DoorId("moved"), new DoorName("Moved")), DoorKey.generate(random));
    var moved = new HashMap<>(item("moved"));
    moved.put("id", AttributeValue.fromS("target"));
    DYNAMO_DB.putItem(it -> it.tableName(TABLE).item(moved));

    assertThat(doors.findWithKey(new DoorId("target"))).isEmpty();
    assertThat(cipher.decryptions()).isEqualTo(1);
    assertThat(output.getAll()).contains("door target can report nothing");
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

  private static final class CountingCipher extends DoorKeyCipher {

    private static final SecretKey KEY = derive("the data key");

    private int decryptions;

    CountingCipher(RandomGenerator random) {
      super(() -> KEY, random);
    }

    @Override
    DoorKey decrypt(DoorId door, byte[] stored) {
      decryptions++;
      return super.decrypt(door, stored);
    }

    int decryptions() {
      return decryptions;
    }
  }
}
