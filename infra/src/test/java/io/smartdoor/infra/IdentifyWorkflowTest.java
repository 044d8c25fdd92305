package io.smartdoor.infra;

import static io.smartdoor.infra.DoorOpening.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smartdoor.infra.testing.LocalAws;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sqs.SqsClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Walks every path of the deployed workflow, and looks at what it puts on the bus. At the end it
 * says which states and transitions were walked, and fails for each that was not.
 */
@TestMethodOrder(OrderAnnotation.class)
class IdentifyWorkflowTest {

  private static final LocalAws AWS = LocalAws.withStacks("identification");
  private static final DynamoDbClient TABLES = client(DynamoDbClient.builder());
  private static final EventBridgeClient BUSES = client(EventBridgeClient.builder());
  private static final SfnClient WORKFLOWS = client(SfnClient.builder());
  private static final SqsClient QUEUES = client(SqsClient.builder());

  private static final String DEPLOYED = AWS.output("identification", "StateMachineArn");
  private static final StateMachineDefinition DEFINITION =
      StateMachineDefinition.of(Repository.read(Repository.WORKFLOW));

  /** Nothing of what the workflow has today is out of reach of an emulator. */
  private static final WalkCoverage COVERAGE = new WalkCoverage(DEFINITION, Map.of());

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Stores and residents of this test's own: others use the same table. */
  private final String id = UUID.randomUUID().toString().substring(0, 8);

  private final String keypad = "keypad-" + id;
  private final String anna = "anna-" + id;

  @AfterAll
  static void closeClients() {
    TABLES.close();
    BUSES.close();
    WORKFLOWS.close();
    QUEUES.close();
  }

  @Test
  void publishesNothingWhenThereIsNobodyToIdentify() {
    var walk = walk(DoorOpening.ofTheFrontDoor());

    assertThat(walk.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(walk.published()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"id\": \"anna\"}", "{\"store\": \"residents\"}", "{}"})
  void takesHalfAReferenceForNobody(String user) {
    var walk = walk(DoorOpening.ofTheFrontDoor().with("user", user));

    assertThat(walk.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(walk.published()).isEmpty();
  }

  @Test
  void identifiesAResidentByTheirOwnId() {
    register("resident#" + anna, Map.of());
    var opening = DoorOpening.ofTheFrontDoor().by(anna, "residents");

    var event = walk(opening).onlyEvent();

    assertThat(event.path("source").asString()).isEqualTo("SmartDoor");
    assertThat(event.path("detail-type").asString()).isEqualTo("Person Identified");
    assertThat(event.path("resources").values()).contains(json("\"door/front-door\""));
    assertThat(event.path("detail"))
        .isEqualTo(
            opening.followUpAtTheFrontDoor(
                opening.identified,
                """
                {"user": {"id": "%s", "store": "residents"},
                 "method": "credential", "confidence": 100}\
                """
                    .formatted(anna)));
  }

  @Test
  void doesNotRecogniseAResidentWhoIsNotRegistered() {
    var opening = DoorOpening.ofTheFrontDoor().by(anna, "residents");

    var event = walk(opening).onlyEvent();

    assertThat(event.path("detail-type").asString()).isEqualTo("Person Unrecognised");
    assertThat(event.path("detail"))
        .isEqualTo(
            opening.followUpAtTheFrontDoor(
                opening.unrecognised,
                """
                {"confidence": 0, "reason": "resident-unknown"}\
                """));
  }

  @Test
  void identifiesTheResidentWhomACredentialBelongsTo() {
    registerCredential("17", anna);
    var opening = DoorOpening.ofTheFrontDoor().by("17", keypad);

    var event = walk(opening).onlyEvent();

    assertThat(event.path("detail-type").asString()).isEqualTo("Person Identified");
    assertThat(event.path("detail"))
        .isEqualTo(
            opening.followUpAtTheFrontDoor(
                opening.identified,
                """
                {"user": {"id": "%s", "store": "residents"},
                 "method": "credential", "confidence": 100}\
                """
                    .formatted(anna)));
  }

  @Test
  void doesNotRecogniseAnUnknownCredentialOfAKnownStore() {
    registerCredential("17", anna);
    var opening = DoorOpening.ofTheFrontDoor().by("18", keypad);

    var event = walk(opening).onlyEvent();

    assertThat(event.path("detail-type").asString()).isEqualTo("Person Unrecognised");
    assertThat(event.path("detail"))
        .isEqualTo(
            opening.followUpAtTheFrontDoor(
                opening.unrecognised,
                """
                {"confidence": 0, "reason": "credential-unknown"}\
                """));
  }

  @Test
  void failsForAStoreNobodyEverRegistered() {
    var opening = DoorOpening.ofTheFrontDoor().by("17", keypad);

    assertFailed(walk(opening).onlyEvent(), opening, "store-unknown");
  }

  @Test
  void failsForAStoreWhoseLastCredentialWasRemoved() {
    register("store#" + keypad, Map.of("credentials", AttributeValue.fromN("0")));
    var opening = DoorOpening.ofTheFrontDoor().by("17", keypad);

    assertFailed(walk(opening).onlyEvent(), opening, "store-unknown");
  }

  @Test
  void passesOnThePicturesOfWhomItDidNotRecognise() {
    var pictures =
        """
        [{"bucket": "pictures", "key": "front-door/1.jpg"}]\
        """;
    var opening = DoorOpening.ofTheFrontDoor().by(anna, "residents").with("snapshots", pictures);

    var event = walk(opening).onlyEvent();

    assertThat(event.path("detail").path("snapshots")).isEqualTo(json(pictures));
  }

  @Test
  void leavesOutWhatTheDoorsEventDidNotSayWhenIdentified() {
    register("resident#" + anna, Map.of());
    var opening = DoorOpening.ofSomeDoor().by(anna, "residents");

    var event = walk(opening).onlyEvent();

    assertThat(event.path("resources").toString()).doesNotContain("door/");
    assertThat(event.path("detail"))
        .isEqualTo(
            opening.followUpAtSomeDoor(
                opening.identified,
                """
                {"user": {"id": "%s", "store": "residents"},
                 "method": "credential", "confidence": 100}\
                """
                    .formatted(anna)));
  }

  @Test
  void leavesOutWhatTheDoorsEventDidNotSayWhenUnrecognised() {
    var opening = DoorOpening.ofSomeDoor().by(anna, "residents");

    assertThat(walk(opening).onlyEvent().path("detail"))
        .isEqualTo(
            opening.followUpAtSomeDoor(
                opening.unrecognised,
                """
                {"confidence": 0, "reason": "resident-unknown"}\
                """));
  }

  @Test
  void leavesOutWhatTheDoorsEventDidNotSayWhenFailed() {
    var opening = DoorOpening.ofSomeDoor().by("17", keypad);

    assertThat(walk(opening).onlyEvent().path("detail"))
        .isEqualTo(
            opening.followUpAtSomeDoor(
                opening.failed,
                """
                {"reason": "store-unknown"}\
                """));
  }

  @Test
  void passesOnADoorThatHasOnlyAName() {
    var opening =
        DoorOpening.ofSomeDoor().by(anna, "residents").with("door", "{\"name\": \"Garage\"}");

    var event = walk(opening).onlyEvent();

    assertThat(event.path("resources").toString()).doesNotContain("door/");
    assertThat(event.path("detail").path("door")).isEqualTo(json("{\"name\": \"Garage\"}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"residents", "keypad"})
  void failsWhenTheTableCannotBeRead(String store) {
    var opening = DoorOpening.ofTheFrontDoor().by("17", store);
    var withoutTable = variant(it -> it, "no-such-table");

    assertFailed(walk(opening, withoutTable).onlyEvent(), opening, "internal-error");
  }

  @Test
  void failsWhenItCannotBeReadWhetherTheStoreIsKnown() {
    var opening = DoorOpening.ofTheFrontDoor().by("17", keypad);
    var withoutStores =
        variant(
            definition -> {
              ((ObjectNode) task(definition, "Find Store").path("Arguments"))
                  .put("TableName", "no-such-table");
              return definition;
            },
            AWS.output("identification", "ResidentsTable"));

    assertFailed(walk(opening, withoutStores).onlyEvent(), opening, "internal-error");
  }

  @Test
  void failsWhenTheTableDoesNotAnswerInTime() {
    var opening = DoorOpening.ofTheFrontDoor().by(anna, "residents");
    var withoutAnswer =
        variant(
            definition -> silent(definition, "Find Resident"),
            AWS.output("identification", "ResidentsTable"));

    assertFailed(walk(opening, withoutAnswer).onlyEvent(), opening, "timeout");
  }

  /** In less time than the one above, which waits for a second attempt as well. */
  @ParameterizedTest
  @ValueSource(strings = {"Find Credential", "Find Store", "Publish Outcome"})
  void failsWhenNothingAnswersInTime(String state) {
    var opening = DoorOpening.ofTheFrontDoor().by("17", keypad);
    var withoutAnswer =
        variant(
            definition -> {
              task(silent(definition, state), state).put("TimeoutSeconds", 1).remove("Retry");
              return definition;
            },
            AWS.output("identification", "ResidentsTable"));

    assertFailed(walk(opening, withoutAnswer).onlyEvent(), opening, "timeout");
  }

  @Test
  void publishesTheFailureToPublishTheOutcome() {
    var opening = DoorOpening.ofTheFrontDoor().by(anna, "residents");
    var refused =
        variant(
            definition -> unpublishable(definition, "Publish Outcome"),
            AWS.output("identification", "ResidentsTable"));

    assertFailed(walk(opening, refused).onlyEvent(), opening, "internal-error");
  }

  @Test
  void isHeardOfOnTheServicesQueueWhenItCannotPublishAtAll() {
    var opening = DoorOpening.ofTheFrontDoor().by(anna, "residents");
    var refused =
        variant(
            it -> unpublishable(unpublishable(it, "Publish Outcome"), "Publish Failure"),
            AWS.output("identification", "ResidentsTable"));

    var walk = walk(opening, refused);

    assertThat(walk.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(walk.execution().error()).isEqualTo("OutcomeNotPublished");
    assertThat(walk.published()).isEmpty();
    var ended = statusChangeOf(walk.execution().executionArn());
    assertThat(ended.path("source").asString()).isEqualTo("aws.states");
    assertThat(ended.path("detail").path("status").asString()).isEqualTo("FAILED");
    assertThat(ended.path("detail").path("stateMachineArn").asString()).isEqualTo(refused);
    // The service has all it needs to publish the failure itself.
    assertThat(json(ended.path("detail").path("input").asString()))
        .isEqualTo(json(opening.asInput()));
  }

  @Test
  void isHeardOfOnTheServicesQueueWhenItsInputMakesNoSense() {
    var execution = run(DEPLOYED, "{\"nonsense\": true}");

    assertThat(execution.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(statusChangeOf(execution.executionArn()).path("detail").path("status").asString())
        .isEqualTo("FAILED");
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void everyStateAndTransitionWasWalked() {
    System.out.print(COVERAGE.report("identify.asl.json"));

    assertThat(COVERAGE.gaps()).isEmpty();
  }

  private static void assertFailed(JsonNode event, DoorOpening opening, String reason) {
    assertThat(event.path("detail-type").asString()).isEqualTo("Identification Failed");
    assertThat(event.path("detail"))
        .isEqualTo(
            opening.followUpAtTheFrontDoor(opening.failed, "{\"reason\": \"" + reason + "\"}"));
  }

  /** What one execution came to. */
  private record Walk(DescribeExecutionResponse execution, List<JsonNode> published) {

    ExecutionStatus status() {
      return execution.status();
    }

    JsonNode onlyEvent() {
      assertThat(status()).as(execution.cause()).isEqualTo(ExecutionStatus.SUCCEEDED);
      assertThat(published).hasSize(1);
      return published.getFirst();
    }
  }

  private static Walk walk(DoorOpening opening) {
    return walk(opening, DEPLOYED);
  }

  /** Listens on the bus, with a queue and a rule of its own, while one execution runs. */
  private static Walk walk(DoorOpening opening, String stateMachine) {
    var name = "listener-" + opening.key;
    var bus = AWS.output("bus", "Name");
    var queue = QUEUES.createQueue(it -> it.queueName(name)).queueUrl();
    BUSES.putRule(it ->
        it.name(name)
            .eventBusName(bus)
            .eventPattern(
                """
                {"detail": {"metadata": {"correlation-id": ["%s"]}}}\
                """
                    .formatted(opening.correlation)));
    var target = Target.builder().id("queue").arn(arnOf(name)).build();
    BUSES.putTargets(it -> it.rule(name).eventBusName(bus).targets(target));
    try {
      return new Walk(
          run(stateMachine, opening.asInput()), everythingBeforeTheBell(queue, opening));
    } finally {
      BUSES.removeTargets(it -> it.rule(name).eventBusName(bus).ids("queue"));
      BUSES.deleteRule(it -> it.name(name).eventBusName(bus));
      QUEUES.deleteQueue(it -> it.queueUrl(queue));
    }
  }

  private static DescribeExecutionResponse run(String stateMachine, String input) {
    var execution =
        WORKFLOWS
            .startExecution(it -> it.stateMachineArn(stateMachine).input(input))
            .executionArn();
    var ended =
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(20))
            .until(
                () -> WORKFLOWS.describeExecution(it -> it.executionArn(execution)),
                it -> it.status() != ExecutionStatus.RUNNING);
    var history = WORKFLOWS.getExecutionHistoryPaginator(it -> it.executionArn(execution)).events();
    COVERAGE.add(history.stream().toList());
    return ended;
  }

  /** Also shows that the listener hears: silence from a deaf one would prove nothing. */
  private static List<JsonNode> everythingBeforeTheBell(String queue, DoorOpening opening) {
    BUSES.putEvents(it ->
        it.entries(
            PutEventsRequestEntry.builder()
                .eventBusName(AWS.output("bus", "Name"))
                .source("test")
                .detailType("Bell")
                .detail(
                    "{\"metadata\": {\"correlation-id\": \"%s\"}}".formatted(opening.correlation))
                .build()));
    var heard = new ArrayList<JsonNode>();
    await()
        .atMost(PATIENCE)
        .until(
            () -> heard.addAll(receive(queue)),
            it -> heard.stream().anyMatch(IdentifyWorkflowTest::isBell));
    heard.removeIf(IdentifyWorkflowTest::isBell);
    return heard;
  }

  private static boolean isBell(JsonNode event) {
    return event.path("detail-type").asString().equals("Bell");
  }

  private static JsonNode statusChangeOf(String execution) {
    var name = AWS.output("identification", "Queue");
    var queue = QUEUES.getQueueUrl(it -> it.queueName(name)).queueUrl();
    return await()
        .atMost(PATIENCE)
        .until(
            () ->
                receive(queue).stream()
                    .filter(it -> it.at("/detail/executionArn").asString("").equals(execution))
                    .toList(),
            it -> !it.isEmpty())
        .getFirst();
  }

  private static List<JsonNode> receive(String queue) {
    var messages =
        QUEUES
            .receiveMessage(it -> it.queueUrl(queue).waitTimeSeconds(1).maxNumberOfMessages(10))
            .messages();
    messages.forEach(message ->
        QUEUES.deleteMessage(it -> it.queueUrl(queue).receiptHandle(message.receiptHandle())));
    return messages.stream().map(it -> json(it.body())).toList();
  }

  /** The same definition with something wrong with it, as a state machine of its own. */
  private String variant(UnaryOperator<ObjectNode> change, String table) {
    var definition =
        Repository.read(Repository.WORKFLOW)
            .replace("${BusName}", AWS.output("bus", "Name"))
            .replace("${ResidentsTable}", table);
    var changed = change.apply((ObjectNode) json(definition));
    // What is walked in a variant has been walked only if it is the same way.
    assertThat(StateMachineDefinition.of(changed)).isEqualTo(DEFINITION);
    return WORKFLOWS
        .createStateMachine(it ->
            it.name(id + "-identify")
                .definition(changed.toString())
                .roleArn("arn:aws:iam::%s:role/identify".formatted(AWS.account())))
        .stateMachineArn();
  }

  /**
   * No emulator refuses an event on request, so the task asks for something that it does refuse.
   */
  private static ObjectNode unpublishable(ObjectNode definition, String state) {
    task(definition, state)
        .put("Resource", "arn:aws:states:::dynamodb:getItem")
        .set(
            "Arguments",
            json(
                """
                {"TableName": "no-such-table", "Key": {"id": {"S": "x"}}}\
                """));
    return definition;
  }

  /** Nobody takes the question off a queue: to the workflow, something that hangs. */
  private ObjectNode silent(ObjectNode definition, String state) {
    var queue = QUEUES.createQueue(it -> it.queueName("silent-" + id)).queueUrl();
    task(definition, state)
        .put("Resource", "arn:aws:states:::sqs:sendMessage.waitForTaskToken")
        .set(
            "Arguments",
            json(
                """
                {"QueueUrl": "%s",
                 "MessageBody": {"token": "{%% $states.context.Task.Token %%}"}}\
                """
                    .formatted(queue)));
    return definition;
  }

  private static ObjectNode task(ObjectNode definition, String state) {
    return (ObjectNode) definition.path("States").path(state);
  }

  private void registerCredential(String credential, String resident) {
    register(
        "credential#%s#%s".formatted(keypad, credential),
        Map.of("resident", AttributeValue.fromS(resident)));
    register("store#" + keypad, Map.of("credentials", AttributeValue.fromN("1")));
  }

  private static void register(String key, Map<String, AttributeValue> attributes) {
    var item = new HashMap<>(attributes);
    item.put("id", AttributeValue.fromS(key));
    TABLES.putItem(it -> it.tableName(AWS.output("identification", "ResidentsTable")).item(item));
  }

  private static String arnOf(String queue) {
    return "arn:aws:sqs:%s:%s:%s".formatted(AWS.region(), AWS.account(), queue);
  }

  private static <B extends AwsClientBuilder<B, C>, C> C client(B builder) {
    return builder
        .endpointOverride(AWS.endpoint())
        .region(Region.of(AWS.region()))
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(AWS.accessKeyId(), AWS.secretAccessKey())))
        .build();
  }
}
