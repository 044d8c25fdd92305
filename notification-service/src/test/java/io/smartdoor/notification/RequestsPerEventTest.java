package io.smartdoor.notification;

import static io.smartdoor.notification.Events.ANNA;
import static io.smartdoor.notification.Events.FRONT_DOOR;
import static io.smartdoor.notification.Events.identified;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smartdoor.events.DoorState;
import io.smartdoor.events.DoorStatus;
import io.smartdoor.events.EventCodec;
import io.smartdoor.events.EventMetadata;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.events.SmartDoorEvent;
import io.smartdoor.infra.testing.LocalAws;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;

/**
 * What one recipient's events ask of DynamoDB while many pass: the writes, and nothing else. In an
 * account of its own: the recipients of other tests would hear of them too.
 */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "smartdoor.admin.token=" + Api.ADMIN_TOKEN,
      "smartdoor.notification.memory.kept=1m"
    })
class RequestsPerEventTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int CHAINS = 20;
  private static final LocalAws AWS = LocalAws.inItsOwnAccount(Map.of(), "notification");
  private static final EventBridgeClient EVENT_BRIDGE =
      configured(EventBridgeClient.builder()).build();

  private final EventCodec codec = new EventCodec();
  private final Clock clock = Clock.systemUTC();
  private final Instant started = clock.instant().minusSeconds(1);
  private final Api api;
  private final MeterRegistry meters;
  private final CallCounter calls;

  RequestsPerEventTest(
      @LocalServerPort int port, @Autowired MeterRegistry meters, @Autowired CallCounter calls) {
    this.api = new Api(port);
    this.meters = meters;
    this.calls = calls;
  }

  @DynamicPropertySource
  static void aws(DynamicPropertyRegistry registry) {
    AWS.asProperties().forEach((name, value) -> registry.add(name, () -> value));
  }

  @TestConfiguration(proxyBeanMethods = false)
  static class CountedCalls {

    @Bean
    CallCounter callCounter() {
      return new CallCounter();
    }

    @Bean
    DynamoDbClient dynamoDbClient(CallCounter calls) {
      return configured(DynamoDbClient.builder())
          .overrideConfiguration(it -> it.addExecutionInterceptor(calls))
          .build();
    }
  }

  @BeforeEach
  void oneRecipientHasHeardOfOneDoor() {
    api.put("/v1/recipients/me");
    api.put("/v1/people/residents/anna", "{\"display-name\": \"Anna\"}");
    passThrough(chain(started));
    calls.byOperation.clear();
  }

  @Test
  void anEventIsClaimedPlacedAndCompletedAndNothingIsRead() {
    passThrough(
        IntStream.range(0, CHAINS).mapToObj(_ -> chain(started)).flatMap(List::stream).toList());

    assertThat(calls.byOperation)
        .isEqualTo(Map.of("UpdateItem", 2 * 2 * CHAINS, "TransactWriteItems", 2 * CHAINS));
  }

  @Test
  void anEventThatWasAcceptedAfterTheLastReadingIsReadFor() {
    var chain = chain(clock.instant());

    passThrough(chain.subList(0, 1));
    assertThat(calls.byOperation).containsEntry("Scan", 1).doesNotContainKey("GetItem");
    passThrough(chain.subList(1, 2));
    assertThat(calls.byOperation).containsEntry("GetItem", 1);
  }

  /** A door was opened, and it was Anna. */
  private static List<SmartDoorEvent> chain(Instant acceptedAt) {
    var opening =
        new DoorStatus(
            EventMetadata.first(new IdempotencyKey(UUID.randomUUID()), acceptedAt, acceptedAt),
            DoorState.OPEN,
            Optional.of(FRONT_DOOR),
            Optional.empty(),
            Optional.empty(),
            List.of());
    return List.of(opening, identified(opening, ANNA));
  }

  /** Returns when all of them were handled. */
  private void passThrough(List<SmartDoorEvent> events) {
    var handled = handled() + events.size();
    for (var event : events) {
      EVENT_BRIDGE.putEvents(put ->
          put.entries(
              PutEventsRequestEntry.builder()
                  .eventBusName(AWS.output("bus", "Name"))
                  .source(SmartDoorEvent.SOURCE)
                  .detailType(event.detailType().text())
                  .detail(codec.detail(event))
                  .build()));
    }
    await().atMost(PATIENCE).until(() -> handled() == handled);
  }

  private double handled() {
    return meters.find("smartdoor.events.handled").counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  private static <B extends AwsClientBuilder<B, ?>> B configured(B builder) {
    return builder
        .endpointOverride(AWS.endpoint())
        .region(Region.of(AWS.region()))
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(AWS.accessKeyId(), AWS.secretAccessKey())));
  }

  /** Counts calls by operation. */
  static final class CallCounter implements ExecutionInterceptor {

    private final Map<String, Integer> byOperation = new ConcurrentHashMap<>();

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
      byOperation.merge(
          attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME), 1, Integer::sum);
    }
  }
}
