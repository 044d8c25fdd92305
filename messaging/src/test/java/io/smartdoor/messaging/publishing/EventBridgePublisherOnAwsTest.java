package io.smartdoor.messaging.publishing;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smartdoor.infra.testing.LocalAws;
import io.smartdoor.messaging.Backoff;
import io.smartdoor.messaging.tracing.Traces;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import tools.jackson.databind.json.JsonMapper;

/** On the bus of the stack, with a queue that listens. */
class EventBridgePublisherOnAwsTest extends EventPublisherContract {

  private static final LocalAws AWS = LocalAws.withStacks();
  private static final String BUS = AWS.output("bus", "Name");
  private static final EventBridgeClient BUSES = client(EventBridgeClient.builder());
  private static final SqsClient QUEUES = client(SqsClient.builder());

  private final String name = "heard-" + mark;
  private String queue = "";

  @BeforeEach
  void listen() {
    queue = QUEUES.createQueue(it -> it.queueName(name)).queueUrl();
    BUSES.putRule(it ->
        it.name(name)
            .eventBusName(BUS)
            .eventPattern(
                "{\"source\":[\"SmartDoor\"],\"detail\":{\"mark\":[\"%s\"]}}".formatted(mark)));
    var arn = "arn:aws:sqs:%s:%s:%s".formatted(AWS.region(), AWS.account(), name);
    BUSES.putTargets(it ->
        it.rule(name).eventBusName(BUS).targets(Target.builder().id("queue").arn(arn).build()));
  }

  @AfterEach
  void listenNoMore() {
    BUSES.removeTargets(it -> it.rule(name).eventBusName(BUS).ids("queue"));
    BUSES.deleteRule(it -> it.name(name).eventBusName(BUS));
    QUEUES.deleteQueue(it -> it.queueUrl(queue));
  }

  @AfterAll
  static void close() {
    BUSES.close();
    QUEUES.close();
  }

  @Override
  protected EventPublisher publisher() {
    return new EventBridgePublisher(
        BUSES,
        BUS,
        new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), () -> 0),
        Thread::sleep,
        new SimpleMeterRegistry(),
        Traces.off());
  }

  @Override
  protected List<Heard> heard() {
    var messages =
        QUEUES
            .receiveMessage(it -> it.queueUrl(queue).waitTimeSeconds(1).maxNumberOfMessages(10))
            .messages();
    messages.forEach(message ->
        QUEUES.deleteMessage(it -> it.queueUrl(queue).receiptHandle(message.receiptHandle())));
    return messages.stream().map(EventBridgePublisherOnAwsTest::heard).toList();
  }

  private static Heard heard(Message message) {
    var event = JsonMapper.shared().readTree(message.body());
    return new Heard(
        event.path("detail-type").stringValue(""),
        event.path("detail"),
        event.path("resources").valueStream().map(it -> it.stringValue("")).toList());
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
