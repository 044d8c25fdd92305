package io.smartdoor.identification.resident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdoor.infra.testing.LocalAws;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

class DynamoDbResidentsTest extends ResidentsContract {

  private static final LocalAws AWS = LocalAws.withStacks("identification");
  private static final String TABLE = AWS.output("identification", "ResidentsTable");
  private static final DynamoDbClient DYNAMO_DB =
      DynamoDbClient.builder()
          .endpointOverride(URI.create(AWS.endpoint().toString()))
          .region(Region.of(AWS.region()))
          .credentialsProvider(
              StaticCredentialsProvider.create(
                  AwsBasicCredentials.create(AWS.accessKeyId(), AWS.secretAccessKey())))
          .build();

  /** One for all: no two versions are the same. */
  private static final Random RANDOM = new Random(1);

  private final Residents residents = over(DYNAMO_DB);

  @Override
  Residents residents() {
    return residents;
  }

  /** By the key and the attribute that the state machine reads. */
  @Override
  Optional<ResidentId> ownerOf(Credential credential) {
    return item("credential#%s#%s".formatted(credential.store(), credential.id()))
        .map(item -> new ResidentId(attribute(item, "resident").s()));
  }

  @Override
  long registeredIn(String store) {
    return item("store#" + store)
        .map(item -> Long.parseLong(attribute(item, "credentials").n()))
        .orElse(0L);
  }

  @Test
  void keepsAResidentUnderTheKeyThatTheWorkflowReads() {
    var anna = resident("anna");
    residents.register(anna);

    assertThat(item("resident#" + anna.id())).isPresent();
  }

  @Test
  void writesNothingWhereNothingChanges() {
    var anna = resident("anna", credential("keypad", "1"));
    residents.register(anna);
    var before = item("resident#" + anna.id());

    residents.register(anna);

    assertThat(item("resident#" + anna.id())).isEqualTo(before);
  }

  /** As after a restore, or by hand: the condition on what is removed protects the other's. */
  @Test
  void doesNotRemoveWhatIsNotTheirs() {
    var anna = resident("anna", credential("keypad", "1"));
    residents.register(anna);
    DYNAMO_DB.putItem(it ->
        it.tableName(TABLE)
            .item(
                Map.of(
                    "id",
                    AttributeValue.fromS("credential#%s#1".formatted(store("keypad"))),
                    "resident",
                    AttributeValue.fromS("somebody-else"))));

    assertThatThrownBy(() -> residents.remove(anna.id()))
        .isInstanceOf(TransactionCanceledException.class);

    assertThat(residents.find(anna.id())).hasValue(anna);
    assertThat(registeredIn(store("keypad"))).isEqualTo(1);
  }

  @Test
  void readsAgainWhenSomebodyElseWasFaster() {
    residents.register(resident("anna", credential("keypad", "1")));
    var overtaken =
        over(
            new Overtaken(
                () -> residents.register(resident("anna", credential("keypad", "2"))),
                () -> residents.remove(id("anna"))));

    assertThat(overtaken.register(resident("anna", credential("keypad", "3"))))
        .isEqualTo(new Registration.Created());

    assertThat(ownerOf(credential("keypad", "1"))).isEmpty();
    assertThat(ownerOf(credential("keypad", "2"))).isEmpty();
    assertThat(ownerOf(credential("keypad", "3"))).hasValue(id("anna"));
    assertThat(registeredIn(store("keypad"))).isEqualTo(1);
  }

  /** With counted versions the second Anna would pass for the first. */
  @Test
  void noticesThatSomebodyWasRemovedAndRegisteredAgain() {
    residents.register(resident("anna", credential("keypad", "1")));
    var overtaken =
        over(
            new Overtaken(() -> {
              residents.remove(id("anna"));
              residents.register(resident("anna"));
            }));

    assertThat(
            overtaken.register(resident("anna", credential("keypad", "1"), credential("fob", "1"))))
        .isEqualTo(new Registration.Replaced());

    assertThat(ownerOf(credential("keypad", "1"))).hasValue(id("anna"));
    assertThat(registeredIn(store("keypad"))).isEqualTo(1);
    assertThat(registeredIn(store("fob"))).isEqualTo(1);
  }

  @Test
  void noticesThatSomebodyElseTookTheCredentialInBetween() {
    var overtaken =
        over(new Overtaken(() -> residents.register(resident("ben", credential("keypad", "1")))));

    assertThat(overtaken.register(resident("anna", credential("keypad", "1"))))
        .isEqualTo(
            new Registration.Taken(new TreeMap<>(Map.of(credential("keypad", "1"), id("ben")))));
  }

  @Test
  void triesAgainAfterAConflictOfTransactions() {
    var anna = resident("anna", credential("keypad", "1"));
    var contended =
        over(new Overtaken(DynamoDbResidentsTest::conflict, DynamoDbResidentsTest::conflict));

    assertThat(contended.register(anna)).isEqualTo(new Registration.Created());
  }

  @Test
  void givesUpWhereOthersNeverStop() {
    var forever =
        new Overtaken(
            Collections.<Runnable>nCopies(1000, DynamoDbResidentsTest::conflict)
                .toArray(Runnable[]::new));

    assertThatThrownBy(() -> over(forever).register(resident("anna", credential("keypad", "1"))))
        .isInstanceOf(ContendedException.class);
    assertThat(residents.find(id("anna"))).isEmpty();
  }

  /**
   * What DynamoDB answers when two transactions concern the same item: the store's counter, say.
   */
  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
  private static void conflict() {
    throw TransactionCanceledException.builder()
        .message("Transaction cancelled, please refer cancellation reasons for specific reasons")
        .cancellationReasons(
            CancellationReason.builder().code("None").build(),
            CancellationReason.builder().code("None").build(),
            CancellationReason.builder().code("TransactionConflict").build())
        .build();
  }

  private static Residents over(DynamoDbClient client) {
    return new DynamoDbResidents(
        client, TABLE, () -> new UUID(RANDOM.nextLong(), RANDOM.nextLong()), RANDOM);
  }

  private static Optional<Map<String, AttributeValue>> item(String id) {
    var answer =
        DYNAMO_DB.getItem(it ->
            it.tableName(TABLE).key(Map.of("id", AttributeValue.fromS(id))).consistentRead(true));
    return answer.hasItem() ? Optional.of(answer.item()) : Optional.empty();
  }

  private static AttributeValue attribute(Map<String, AttributeValue> item, String name) {
    return Optional.ofNullable(item.get(name)).orElseThrow();
  }

  /** A client between whose reading and writing something else happens: one thing per write. */
  private static final class Overtaken implements DynamoDbClient {

    private final Deque<Runnable> interferences;

    Overtaken(Runnable... interferences) {
      this.interferences = new ArrayDeque<>(Arrays.asList(interferences));
    }

    @Override
    public GetItemResponse getItem(GetItemRequest request) {
      return DYNAMO_DB.getItem(request);
    }

    @Override
    public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
      Optional.ofNullable(interferences.poll()).ifPresent(Runnable::run);
      return DYNAMO_DB.transactWriteItems(request);
    }

    @Override
    public String serviceName() {
      return DYNAMO_DB.serviceName();
    }

    @Override
    public void close() {}
  }
}
