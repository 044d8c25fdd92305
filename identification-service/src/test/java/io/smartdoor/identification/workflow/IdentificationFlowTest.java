package io.smartdoor.identification.workflow;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.smartdoor.events.DetailType;
import io.smartdoor.events.DoorStatus;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.identification.ServiceTest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionListItem;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * From an event on the bus to the outcome on the bus: the real service, rules, queue and state
 * machine. What is published is heard on a queue of the test's own, subscribed as anybody could.
 */
class IdentificationFlowTest extends ServiceTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String BUS = AWS.output("bus", "Name");
  private static final String STATE_MACHINE = AWS.output("identification", "StateMachineArn");

  private static final EventBridgeClient EVENT_BRIDGE = client(EventBridgeClient.builder()).build();
  private static final SqsClient SQS = client(SqsClient.builder()).build();
  private static final SfnClient STEP_FUNCTIONS = client(SfnClient.builder()).build();

  private static final List<JsonNode> HEARD = new ArrayList<>();

  private static String queue = "";
  private static String ear = "";

  @Autowired private MeterRegistry meters;

  private final IdempotencyKey key = new IdempotencyKey(UUID.randomUUID());

  /** Not long ago: what was accepted more than 60 days ago is rejected. */
  private final String accepted = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();

  @BeforeAll
  static void subscribe() {
    queue = SQS.getQueueUrl(it -> it.queueName(AWS.output("identification", "Queue"))).queueUrl();
    ear = SQS.createQueue(it -> it.queueName("outcomes")).queueUrl();
    var arn =
        SQS.getQueueAttributes(it -> it.queueUrl(ear).attributeNames(QueueAttributeName.QUEUE_ARN))
            .attributes()
            .get(QueueAttributeName.QUEUE_ARN);
    EVENT_BRIDGE.putRule(it ->
        it.name("outcomes")
            .eventBusName(BUS)
            .eventPattern(
                """
                {"source": ["SmartDoor"], "detail-type": [{"anything-but": "Door Status"}]}
                """));
    EVENT_BRIDGE.putTargets(it ->
        it.rule("outcomes").eventBusName(BUS).targets(Target.builder().id("ear").arn(arn).build()));
  }

  @AfterAll
  static void closeClients() {
    EVENT_BRIDGE.close();
    SQS.close();
    STEP_FUNCTIONS.close();
  }

  @BeforeEach
  void registerAnna() throws Exception {
    var answer =
        put(
            "/v1/residents/flow-anna",
            "{\"credentials\": [{\"store\": \"flow-keypad\", \"id\": \"1047\"}]}");
    assertThat(answer.statusCode()).isIn(200, 201);
  }

  @Test
  void identifiesAResidentByACredential() {
    publish(opening("flow-keypad", "1047"));

    var outcome = outcome();

    assertThat(outcome.path("detail-type").stringValue()).isEqualTo("Person Identified");
    assertThat(outcome.path("source").stringValue()).isEqualTo("SmartDoor");
    assertThat(outcome.path("resources").values())
        .contains(JSON.getNodeFactory().stringNode("door/front-door"));
    assertThat(outcome.path("detail"))
        .isEqualTo(
            JSON.readTree(
                """
                {
                  "metadata": {
                    "idempotency-key": "%s",
                    "correlation-id": "%s",
                    "causation-id": "%s",
                    "occurred-at": "2026-11-23T07:31:04.210Z",
                    "accepted-at": "%s",
                    "schema-version": 1
                  },
                  "door": {"id": "front-door", "name": "Front door"},
                  "user": {"id": "flow-anna", "store": "residents"},
                  "method": "credential",
                  "confidence": 100
                }
                """
                    .formatted(key.followUp(DetailType.PERSON_IDENTIFIED), key, key, accepted)));
  }

  @Test
  void identifiesAResidentByTheirOwnId() {
    publish(opening("residents", "flow-anna"));

    assertThat(outcome().path("detail").path("user"))
        .isEqualTo(JSON.readTree("{\"id\": \"flow-anna\", \"store\": \"residents\"}"));
  }

  @ParameterizedTest
  @CsvSource({"flow-keypad, 9999, credential-unknown", "residents, flow-nobody, resident-unknown"})
  void doesNotRecogniseAStranger(String store, String id, String reason) {
    publish(opening(store, id));

    var outcome = outcome();
    assertThat(outcome.path("detail-type").stringValue()).isEqualTo("Person Unrecognised");
    assertThat(outcome.path("detail").path("reason").stringValue()).isEqualTo(reason);
    assertThat(keyOf(outcome)).isEqualTo(key.followUp(DetailType.PERSON_UNRECOGNISED));
  }

  @Test
  void failsWhereTheStoreIsNotKnown() {
    publish(opening("flow-nowhere", "1047"));

    var outcome = outcome();
    assertThat(outcome.path("detail-type").stringValue()).isEqualTo("Identification Failed");
    assertThat(outcome.path("detail").path("reason").stringValue()).isEqualTo("store-unknown");
    assertThat(keyOf(outcome)).isEqualTo(key.followUp(DetailType.IDENTIFICATION_FAILED));
  }

  /** A store is known by its credentials: with the last of them it is forgotten. */
  @Test
  void forgetsAStoreWithItsLastCredential() throws Exception {
    put("/v1/residents/flow-anna", "{\"credentials\": []}");

    publish(opening("flow-keypad", "1047"));

    assertThat(outcome().path("detail").path("reason").stringValue()).isEqualTo("store-unknown");
  }

  @Test
  void startsOneExecutionForAnEventThatComesTwice() {
    var before = counted("starts", "started");
    var opening = opening("flow-keypad", "1047");

    publish(opening);
    publish(opening);
    send(opening);

    outcome();
    awaitEmptyQueue();
    assertThat(counted("starts", "started")).isEqualTo(before + 1);
    assertThat(executions()).hasSize(1);
    assertThat(outcomes()).hasSize(1);
  }

  /** As after a lost record: what Step Functions remembers is enough. */
  @Test
  void isDoneWhereTheExecutionExists() {
    var before = counted("starts", "already-started");
    var opening = opening("flow-keypad", "1047");
    var received = Openings.EVENTS.decode(opening.toString());
    var input =
        WorkflowInput.of(new IdentificationRequest((DoorStatus) received.event(), received.time()));
    STEP_FUNCTIONS.startExecution(it ->
        it.stateMachineArn(STATE_MACHINE)
            .name(key.toString())
            .input(new WorkflowInputCodec(Openings.EVENTS).encode(input)));

    publish(opening);

    await().until(() -> counted("starts", "already-started") == before + 1);
    awaitEmptyQueue();
    outcome();
    assertThat(outcomes()).hasSize(1);
  }

  @Test
  void startsAnExecutionForTheSmallestEvent() {
    var smallest = (ObjectNode) JSON.readTree(Openings.sample("door-status-smallest"));
    ((ObjectNode) smallest.path("detail").path("metadata")).put("idempotency-key", key.toString());

    publish(smallest);

    await()
        .until(() ->
            executions().stream()
                .map(ExecutionListItem::statusAsString)
                .toList()
                .equals(List.of("SUCCEEDED")));
    assertThat(outcomes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"closed", "forced-open"})
  void startsNothingForADoorThatWasNotOpened(String state) {
    var before = counted("starts", "not-open");
    var status = opening("flow-keypad", "1047");
    ((ObjectNode) status.path("detail")).put("state", state);

    publish(status);
    // The rule keeps it from the queue; should it get there all the same:
    send(status);

    await().until(() -> counted("starts", "not-open") > before);
    awaitEmptyQueue();
    assertThat(counted("starts", "not-open")).isEqualTo(before + 1);
    assertThat(executions()).isEmpty();
  }

  @Test
  void speaksForAnExecutionThatFails() throws Exception {
    var outcome =
        whileTheWorkflowIs(
            """
            {"StartAt": "Fail", "States": {"Fail": {"Type": "Fail", "Error": "OutcomeNotPublished"}}}
            """,
            () -> {
              publish(opening("flow-keypad", "1047"));
              return outcome();
            });

    assertSaysThatTheWorkflowFailed(outcome);
  }

  @Test
  void speaksForAnExecutionThatIsStopped() throws Exception {
    var outcome =
        whileTheWorkflowIs(
            """
            {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 600, "End": true}}}
            """,
            () -> {
              publish(opening("flow-keypad", "1047"));
              await().until(() -> executions().size() == 1);
              STEP_FUNCTIONS.stopExecution(
                  it -> it.executionArn(executions().getFirst().executionArn()));
              return outcome();
            });

    assertSaysThatTheWorkflowFailed(outcome);
  }

  /** Above 248 KiB Step Functions leaves the input out of its event, and is asked for it. */
  @Test
  void speaksForAnExecutionWhoseInputIsNotIncluded() throws Exception {
    var outcome =
        whileTheWorkflowIs(
            """
            {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 600, "End": true}}}
            """,
            () -> {
              publish(opening("flow-keypad", "1047"));
              await().until(() -> executions().size() == 1);
              var change = JSON.createObjectNode();
              change.put("source", IdentificationDecoder.STEP_FUNCTIONS);
              change.put("detail-type", IdentificationDecoder.STATUS_CHANGE);
              change
                  .putObject("detail")
                  .put("executionArn", executions().getFirst().executionArn())
                  .put("stateMachineArn", STATE_MACHINE)
                  .put("status", "TIMED_OUT")
                  .putNull("input")
                  .putObject("inputDetails")
                  .put("included", false);
              send(change);
              return outcome();
            });

    assertSaysThatTheWorkflowFailed(outcome);
  }

  @Test
  void ignoresExecutionsOfOtherStateMachines() {
    var before = counted("deaths", "ignored");
    var change =
        JSON.readTree(
            IdentificationDecoderTest.execution("execution-failed")
                .replace("execution-name", key.toString()));

    send(change);

    await().until(() -> counted("deaths", "ignored") == before + 1);
    assertThat(outcomes()).isEmpty();
  }

  @Test
  void rejectsWhatItDoesNotUnderstand() {
    var deadLetters =
        SQS.getQueueUrl(it -> it.queueName(AWS.output("identification", "DeadLetterQueue")))
            .queueUrl();
    var nonsense = "{\"source\": \"SmartDoor\", \"nonsense\": \"%s\"}".formatted(key);

    SQS.sendMessage(it -> it.queueUrl(queue).messageBody(nonsense));

    await()
        .atMost(20, SECONDS)
        .until(() ->
            SQS
                .receiveMessage(
                    it -> it.queueUrl(deadLetters).waitTimeSeconds(1).maxNumberOfMessages(10))
                .messages()
                .stream()
                .anyMatch(it -> it.body().equals(nonsense)));
  }

  private void assertSaysThatTheWorkflowFailed(JsonNode outcome) {
    assertThat(outcome.path("detail-type").stringValue()).isEqualTo("Identification Failed");
    assertThat(outcome.path("detail"))
        .isEqualTo(
            JSON.readTree(
                """
                {
                  "metadata": {
                    "idempotency-key": "%s",
                    "correlation-id": "%s",
                    "causation-id": "%s",
                    "occurred-at": "2026-11-23T07:31:04.210Z",
                    "accepted-at": "%s",
                    "schema-version": 1
                  },
                  "door": {"id": "front-door", "name": "Front door"},
                  "reason": "workflow-failed"
                }
                """
                    .formatted(
                        key.followUp(DetailType.IDENTIFICATION_FAILED), key, key, accepted)));
  }

  /** Tests of a class run one after another, so nobody else notices. */
  private static <T> T whileTheWorkflowIs(String definition, Callable<T> test) throws Exception {
    var real =
        STEP_FUNCTIONS.describeStateMachine(it -> it.stateMachineArn(STATE_MACHINE)).definition();
    STEP_FUNCTIONS.updateStateMachine(
        it -> it.stateMachineArn(STATE_MACHINE).definition(definition));
    try {
      return test.call();
    } finally {
      STEP_FUNCTIONS.updateStateMachine(it -> it.stateMachineArn(STATE_MACHINE).definition(real));
    }
  }

  private JsonNode opening(String store, String user) {
    var event = (ObjectNode) JSON.readTree(Openings.sample("door-status-open"));
    var detail = (ObjectNode) event.path("detail");
    ((ObjectNode) detail.path("metadata"))
        .put("idempotency-key", key.toString())
        .put("accepted-at", accepted);
    detail.putObject("user").put("id", user).put("store", store);
    return event;
  }

  private static void publish(JsonNode event) {
    var entry =
        PutEventsRequestEntry.builder()
            .eventBusName(BUS)
            .source(event.path("source").stringValue())
            .detailType(event.path("detail-type").stringValue())
            .detail(event.path("detail").toString())
            .build();
    var answer = EVENT_BRIDGE.putEvents(it -> it.entries(entry));
    assertThat(answer.failedEntryCount()).isZero();
  }

  /** Past the rule. */
  private static void send(JsonNode event) {
    SQS.sendMessage(it -> it.queueUrl(queue).messageBody(event.toString()));
  }

  /** The event that this test's door event led to. */
  private JsonNode outcome() {
    await().atMost(20, SECONDS).until(() -> !outcomes().isEmpty());
    return outcomes().getFirst();
  }

  private List<JsonNode> outcomes() {
    for (var message :
        SQS.receiveMessage(it -> it.queueUrl(ear).maxNumberOfMessages(10)).messages()) {
      HEARD.add(JSON.readTree(message.body()));
      SQS.deleteMessage(it -> it.queueUrl(ear).receiptHandle(message.receiptHandle()));
    }
    return HEARD.stream()
        .filter(it ->
            it.path("detail")
                .path("metadata")
                .path("causation-id")
                .stringValue("")
                .equals(key.toString()))
        .toList();
  }

  private static IdempotencyKey keyOf(JsonNode event) {
    return IdempotencyKey.of(
        event.path("detail").path("metadata").path("idempotency-key").stringValue());
  }

  private List<ExecutionListItem> executions() {
    return STEP_FUNCTIONS
        .listExecutionsPaginator(it -> it.stateMachineArn(STATE_MACHINE))
        .executions()
        .stream()
        .filter(it -> it.name().startsWith(key.toString()))
        .toList();
  }

  private static void awaitEmptyQueue() {
    await()
        .atMost(20, SECONDS)
        .until(() ->
            SQS
                .getQueueAttributes(it ->
                    it.queueUrl(queue)
                        .attributeNames(
                            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .attributes()
                .values()
                .stream()
                .allMatch("0"::equals));
  }

  private double counted(String what, String outcome) {
    var counter = meters.find("smartdoor.identification." + what).tag("outcome", outcome).counter();
    return counter == null ? 0 : counter.count();
  }

  private static <B extends AwsClientBuilder<B, ?>> B client(B builder) {
    return builder
        .endpointOverride(AWS.endpoint())
        .region(Region.of(AWS.region()))
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(AWS.accessKeyId(), AWS.secretAccessKey())));
  }
}
