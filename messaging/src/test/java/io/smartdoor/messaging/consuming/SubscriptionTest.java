package io.smartdoor.messaging.consuming;

import static io.smartdoor.messaging.consuming.Openings.aKey;
import static io.smartdoor.messaging.consuming.Openings.opening;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smartdoor.events.DoorState;
import io.smartdoor.events.DoorStatus;
import io.smartdoor.events.EventCodec;
import io.smartdoor.events.EventMetadata;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.events.ReceivedEvent;
import io.smartdoor.infra.testing.LocalAws;
import io.smartdoor.messaging.publishing.EventPublisher;
import io.smartdoor.messaging.publishing.OutgoingEvent;
import io.smartdoor.messaging.publishing.PublishOutcome.Published;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A whole application with two subscriptions, on an emulator with the services' own stacks. */
class SubscriptionTest {

  private static final LocalAws AWS =
      LocalAws.inItsOwnAccount(Map.of("VisibilityTimeout", "4"), "notification", "identification");
  private static final String NOTIFICATION = AWS.output("notification", "Queue");
  private static final String IDENTIFICATION = AWS.output("identification", "Queue");
  private static final Duration STOP_LIMIT = Duration.ofSeconds(3);

  private final ConfigurableApplicationContext application = start();
  private final Handler handler = application.getBean(Handler.class);

  @AfterEach
  void stop() {
    application.close();
  }

  @Test
  void handlesAnEventOnceThatLiesOnTheQueueTwice() {
    var key = aKey();
    send(NOTIFICATION, opening(key));
    send(NOTIFICATION, opening(key));

    eventually().until(() -> count("duplicates") == 1 && isEmpty(NOTIFICATION));
    assertThat(handler.callsFor(key)).isEqualTo(1);
    assertThat(count("handled")).isEqualTo(1);
  }

  @Test
  void handlesWhatIsPublishedToTheBus() {
    var key = aKey();
    var event =
        new DoorStatus(
            EventMetadata.first(key, Instant.EPOCH, Instant.parse("2026-11-23T12:00:00Z")),
            DoorState.CLOSED,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of());

    var outcomes =
        application
            .getBean(EventPublisher.class)
            .publish(List.of(OutgoingEvent.of(event, new EventCodec(), Instant.EPOCH)));

    assertThat(outcomes).singleElement().isInstanceOf(Published.class);
    eventually().until(() -> handler.callsFor(key) == 1);
  }

  @Test
  void putsWhatIsNoEventAmongTheDeadLettersAndSaysWhy() {
    var sent = Instant.now();
    send(NOTIFICATION, "no event");

    var letter =
        eventually()
            .until(
                () -> receive(AWS.output("notification", "DeadLetterQueue")), Optional::isPresent)
            .orElseThrow();

    assertThat(letter.body()).isEqualTo("no event");
    assertThat(letter.messageAttributes())
        .hasEntrySatisfying("reason", it -> assertThat(it.stringValue()).isEqualTo("undecodable"))
        .hasEntrySatisfying(
            "subscriber", it -> assertThat(it.stringValue()).isEqualTo("notification"))
        .hasEntrySatisfying(
            "explanation", it -> assertThat(it.stringValue()).startsWith("event: is not JSON"))
        .hasEntrySatisfying(
            "rejected-at",
            it ->
                assertThat(Instant.parse(it.stringValue()))
                    .isBetween(sent.truncatedTo(ChronoUnit.MILLIS), Instant.now()));
    eventually().until(() -> isEmpty(NOTIFICATION));
  }

  @Test
  void retriesAnEventWhoseHandlerFails() {
    var key = aKey();
    handler.script(
        key,
        attempt -> {
          if (attempt <= 2) {
            throw new IllegalStateException("attempt " + attempt);
          }
          return HandlingOutcome.done();
        });
    send(IDENTIFICATION, opening(key));

    eventually().until(() -> count("handled") == 1 && isEmpty(IDENTIFICATION));
    assertThat(handler.callsFor(key)).isEqualTo(3);
  }

  @Test
  void acknowledgesNothingThatAnErrorInterrupts() {
    var key = aKey();
    handler.script(
        key,
        attempt -> {
          if (attempt == 1) {
            throw new StackOverflowError();
          }
          return HandlingOutcome.done();
        });
    send(NOTIFICATION, opening(key));

    eventually().until(() -> count("handled") == 1 && isEmpty(NOTIFICATION));
    assertThat(handler.callsFor(key)).isEqualTo(2);
  }

  @Test
  void putsARejectedEventAmongTheDeadLettersAndHandlesItWhenItIsRedriven() {
    var key = aKey();
    handler.script(
        key,
        attempt -> attempt == 1 ? HandlingOutcome.rejected("phone-gone") : HandlingOutcome.done());
    send(IDENTIFICATION, opening(key));

    var letter =
        eventually()
            .until(
                () -> receive(AWS.output("identification", "DeadLetterQueue")), Optional::isPresent)
            .orElseThrow();
    send(IDENTIFICATION, letter.body());

    eventually().until(() -> count("handled") == 1);
    assertThat(count("rejected")).isEqualTo(1);
  }

  @Test
  void handlesManyEventsOfBothSubscriptionsAtATime() {
    var both = new CountDownLatch(40);
    for (var i = 0; i < 40; i++) {
      var key = aKey();
      handler.script(
          key,
          _ -> {
            both.countDown();
            waitFor(both);
            return HandlingOutcome.done();
          });
      send(i % 2 == 0 ? NOTIFICATION : IDENTIFICATION, opening(key));
    }

    eventually().until(() -> count("handled") == 40);
  }

  @Test
  void handlesAgainWhatComesAfterItWasStoppedAndStarted() {
    send(NOTIFICATION, opening(aKey()));
    eventually().until(() -> count("handled") == 1);
    application.stop();
    send(NOTIFICATION, opening(aKey()));

    application.start();

    eventually().until(() -> count("handled") == 2 && isEmpty(NOTIFICATION));
  }

  @Test
  void doesNotStartWithoutItsQueue() {
    assertThatThrownBy(() -> start("test.queue=no-such-queue"))
        .hasStackTraceContaining("notification: expected a queue \"no-such-queue\", found none");
  }

  @Test
  void stopsWithin3SecondsWhenIdle() {
    send(NOTIFICATION, opening(aKey()));
    eventually().until(() -> count("handled") == 1);

    var started = System.nanoTime();
    application.close();
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(STOP_LIMIT);
  }

  @Test
  void finishesWhatItIsHandlingBeforeItStops() {
    var key = aKey();
    var handling = new CountDownLatch(1);
    var finish = new CountDownLatch(1);
    handler.script(
        key,
        _ -> {
          handling.countDown();
          waitFor(finish);
          return HandlingOutcome.done();
        });
    send(NOTIFICATION, opening(key));
    waitFor(handling);

    var stopping = Thread.ofVirtual().start(application::close);
    eventually().until(application::isClosed);
    finish.countDown();
    eventually().until(() -> !stopping.isAlive());

    var next = start();
    try {
      send(next, NOTIFICATION, opening(key));
      eventually().until(() -> count(next, "duplicates") == 1);
      assertThat(next.getBean(Handler.class).callsFor(key)).isZero();
    } finally {
      next.close();
    }
  }

  @Test
  void stopsWithin3SecondsWhateverItsHandlersDoAndLosesNothing() {
    var key = aKey();
    var handling = new CountDownLatch(1);
    var never = new CountDownLatch(1);
    handler.script(
        key,
        _ -> {
          handling.countDown();
          waitFor(never);
          return HandlingOutcome.done();
        });
    send(NOTIFICATION, opening(key));
    waitFor(handling);

    var started = System.nanoTime();
    application.close();
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(STOP_LIMIT);

    var next = start();
    try {
      eventually().until(() -> count(next, "handled") == 1);
      assertThat(next.getBean(Handler.class).callsFor(key)).isEqualTo(1);
    } finally {
      next.close();
      never.countDown();
    }
  }

  @Test
  void finishesWhatIsInHandAndReceivesNothingMoreWhenItStops() {
    application.close();
    var stopped =
        start("smartdoor.messaging.in-flight=10", "smartdoor.messaging.drain-timeout=20s");
    var finished = new AtomicInteger();
    var handling = new CountDownLatch(10);
    var finish = new CountDownLatch(1);
    var keys = Stream.generate(Openings::aKey).limit(30).toList();
    for (var key : keys) {
      stopped
          .getBean(Handler.class)
          .script(
              key,
              _ -> {
                handling.countDown();
                waitFor(finish);
                finished.incrementAndGet();
                return HandlingOutcome.done();
              });
      send(stopped, NOTIFICATION, opening(key));
    }
    waitFor(handling);

    var stopping = Thread.ofVirtual().start(stopped::close);
    eventually().until(stopped::isClosed);
    finish.countDown();
    eventually().until(() -> !stopping.isAlive());

    assertThat(finished).hasValue(10);
    assertThat(receivesOfAllOn(NOTIFICATION)).hasSize(20).containsOnly("1");
  }

  /** How often each message was received that lies on the queue, this time included. */
  private static List<String> receivesOfAllOn(String queue) {
    try (var sqs = ownClient()) {
      var url = urlOf(sqs, queue);
      var receives = new ArrayList<String>();
      for (var emptyPolls = 0; emptyPolls < 2; ) {
        var messages =
            sqs.receiveMessage(request ->
                    request
                        .queueUrl(url)
                        .maxNumberOfMessages(10)
                        .waitTimeSeconds(1)
                        .messageSystemAttributeNames(
                            MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))
                .messages();
        emptyPolls = messages.isEmpty() ? emptyPolls + 1 : 0;
        for (var message : messages) {
          receives.addAll(message.attributes().values());
          sqs.deleteMessage(
              request -> request.queueUrl(url).receiptHandle(message.receiptHandle()));
        }
      }
      return receives;
    }
  }

  private static SqsClient ownClient() {
    return SqsClient.builder()
        .endpointOverride(AWS.endpoint())
        .region(Region.of(AWS.region()))
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(AWS.accessKeyId(), AWS.secretAccessKey())))
        .build();
  }

  private static ConfigurableApplicationContext start(String... properties) {
    return new SpringApplicationBuilder(Application.class)
        .web(WebApplicationType.NONE)
        .properties(Map.<String, Object>copyOf(AWS.asProperties()))
        .properties(
            "smartdoor.messaging.handled-table=" + AWS.output("notification", "HandledTable"),
            "smartdoor.messaging.lease=3s",
            "smartdoor.messaging.retry-delay=1ms",
            "smartdoor.messaging.drain-timeout=2s",
            "spring.main.banner-mode=off")
        .run(Stream.of(properties).map(property -> "--" + property).toArray(String[]::new));
  }

  private double count(String what) {
    return count(application, what);
  }

  private static double count(ConfigurableApplicationContext application, String what) {
    return application
        .getBean(MeterRegistry.class)
        .find("smartdoor.events." + what)
        .counters()
        .stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  private void send(String queue, String body) {
    send(application, queue, body);
  }

  private static void send(ConfigurableApplicationContext application, String queue, String body) {
    var sqs = application.getBean(SqsClient.class);
    sqs.sendMessage(request -> request.queueUrl(urlOf(sqs, queue)).messageBody(body));
  }

  private Optional<Message> receive(String queue) {
    var sqs = application.getBean(SqsClient.class);
    return sqs
        .receiveMessage(request ->
            request.queueUrl(urlOf(sqs, queue)).messageAttributeNames("All").waitTimeSeconds(0))
        .messages()
        .stream()
        .findFirst();
  }

  /** Whether nothing lies on the queue, visible or hidden. */
  private boolean isEmpty(String queue) {
    var sqs = application.getBean(SqsClient.class);
    var attributes =
        sqs.getQueueAttributes(request ->
                request
                    .queueUrl(urlOf(sqs, queue))
                    .attributeNames(
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
            .attributes();
    return attributes.values().stream().allMatch("0"::equals);
  }

  private static String urlOf(SqsClient sqs, String queue) {
    return sqs.getQueueUrl(request -> request.queueName(queue)).queueUrl();
  }

  private static ConditionFactory eventually() {
    return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(50));
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("waited in vain");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Does for each event what a test says, by the number of the attempt. */
  static final class Handler implements EventHandler<ReceivedEvent> {

    private final Map<IdempotencyKey, IntFunction<HandlingOutcome>> scripts =
        new ConcurrentHashMap<>();
    private final Map<IdempotencyKey, AtomicInteger> calls = new ConcurrentHashMap<>();

    void script(IdempotencyKey key, IntFunction<HandlingOutcome> script) {
      scripts.put(key, script);
    }

    int callsFor(IdempotencyKey key) {
      return calls.getOrDefault(key, new AtomicInteger()).get();
    }

    @Override
    public HandlingOutcome handle(ReceivedEvent event) {
      var key = event.event().metadata().idempotencyKey();
      var call = calls.computeIfAbsent(key, _ -> new AtomicInteger()).incrementAndGet();
      return scripts.getOrDefault(key, _ -> HandlingOutcome.done()).apply(call);
    }
  }

  @SpringBootConfiguration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {

    @Bean
    Handler handler() {
      return new Handler();
    }

    @Bean
    MeterRegistry meterRegistry() {
      return new SimpleMeterRegistry();
    }

    @Bean
    Subscription<ReceivedEvent> notification(
        EventCodec codec, Handler handler, @Value("${test.queue:}") String other) {
      var queue = other.isEmpty() ? NOTIFICATION : other;
      return subscription("notification", queue, codec, handler);
    }

    @Bean
    Subscription<ReceivedEvent> identification(EventCodec codec, Handler handler) {
      return subscription("identification", IDENTIFICATION, codec, handler);
    }

    private static Subscription<ReceivedEvent> subscription(
        String stack, String queue, EventCodec codec, Handler handler) {
      return new Subscription<>(
          stack,
          queue,
          AWS.output(stack, "DeadLetterQueue"),
          EventDecoder.ofSmartDoorEvents(codec),
          handler);
    }
  }
}
