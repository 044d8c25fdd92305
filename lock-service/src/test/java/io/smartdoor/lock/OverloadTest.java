package io.smartdoor.lock;

import static io.smartdoor.lock.LockApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smartdoor.events.DoorId;
import io.smartdoor.infra.testing.LocalAws;
import io.smartdoor.lock.LockApi.Registered;
import io.smartdoor.lock.LockApi.Webhook;
import io.smartdoor.lock.outbox.Acceptance;
import io.smartdoor.lock.outbox.AcceptedEvent;
import io.smartdoor.lock.outbox.HistoryPage;
import io.smartdoor.lock.outbox.HistoryPosition;
import io.smartdoor.lock.outbox.Outbox;
import io.smartdoor.lock.outbox.RecordedEvent;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;

/** More comes in than can be stored. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "smartdoor.admin.token=" + LockApi.TOKEN,
      "smartdoor.lock.webhooks.in-hand=" + OverloadTest.IN_HAND,
      "smartdoor.lock.webhooks.door-rate=100000",
      "smartdoor.lock.webhooks.door-burst=100000"
    })
@Import(OverloadTest.InPlace.class)
@Timeout(120)
class OverloadTest {

  static final int IN_HAND = 8;

  private static final LocalAws AWS = LocalAws.withStacks("lock");
  private static final String OPEN = "{\"state\": \"open\"}";
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int FLOOD = 200;

  private final SlowOutbox outbox;
  private final MeterRegistry meters;
  private LockApi api;
  private Registered door;

  OverloadTest(@Autowired Outbox outbox, @Autowired MeterRegistry meters) {
    this.outbox = (SlowOutbox) outbox;
    this.meters = meters;
  }

  @DynamicPropertySource
  static void aws(DynamicPropertyRegistry registry) {
    AWS.asProperties().forEach((name, value) -> registry.add(name, () -> value));
  }

  @BeforeEach
  void register(@LocalServerPort int port) throws Exception {
    api = new LockApi(port);
    door = api.register();
  }

  @AfterEach
  void calmDown() {
    outbox.isAsEver();
  }

  @Test
  void whatFindsNoPlaceIsPutOffAtOnceAndWhatWasAcceptedIsStored() throws Exception {
    outbox.hangs();
    var webhooks = new HashMap<String, Webhook>();
    for (var i = 0; i < FLOOD; i++) {
      var id = UUID.randomUUID().toString();
      webhooks.put(id, api.webhook(door, OPEN).id(id));
    }
    var before = shed();
    var responses = new ConcurrentHashMap<String, HttpResponse<String>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running =
          webhooks.entrySet().stream()
              .<Future<?>>map(
                  it -> threads.submit(() -> responses.put(it.getKey(), it.getValue().send())))
              .toList();

      await()
          .atMost(SOON)
          .untilAsserted(() -> {
            assertThat(responses).as("answered while nothing is").hasSize(FLOOD - IN_HAND);
            assertThat(outbox.inside).hasValue(IN_HAND);
          });
      assertThat(responses.values()).allMatch(OverloadTest::isPutOff);
      outbox.isAsEver();
      for (var each : running) {
        each.get();
      }
    }

    var accepted = withStatus(202, responses);
    var putOff = withStatus(503, responses);
    assertThat(accepted).hasSize(IN_HAND);
    assertThat(putOff).hasSize(FLOOD - IN_HAND);
    assertThat(outbox.most).as("at the same time").hasValue(IN_HAND);
    assertThat(shed() - before).isEqualTo(putOff.size());
    await().atMost(SOON).untilAsserted(() -> assertThat(stored()).isEqualTo(accepted));

    for (var each : webhooks.entrySet()) {
      if (putOff.contains(each.getKey())) {
        assertThat(each.getValue().send().statusCode()).as("sent again").isEqualTo(202);
      }
    }
    await().atMost(SOON).untilAsserted(() -> assertThat(stored()).isEqualTo(webhooks.keySet()));
  }

  @Test
  void aStoreThatIsOutOfReachOrThrottlesIsNoReasonToForgetTheWebhook() throws Exception {
    var webhook = api.webhook(door, OPEN);
    outbox.failsWith(SdkClientException.create("Unable to execute HTTP request"));
    assertThat(webhook.send()).matches(OverloadTest::isPutOff);
    outbox.failsWith(
        ProvisionedThroughputExceededException.builder()
            .statusCode(400)
            .awsErrorDetails(
                AwsErrorDetails.builder()
                    .errorCode("ProvisionedThroughputExceededException")
                    .build())
            .build());
    assertThat(webhook.send()).matches(OverloadTest::isPutOff);

    outbox.isAsEver();

    assertThat(webhook.send().statusCode()).isEqualTo(202);
  }

  private static boolean isPutOff(HttpResponse<String> response) {
    return response.statusCode() == 503
        && Integer.parseInt(response.headers().firstValue("Retry-After").orElse("0")) >= 1
        && response.headers().firstValue("Content-Type").orElse("").contains("problem+json");
  }

  private static Set<String> withStatus(int status, Map<String, HttpResponse<String>> responses) {
    var ids = new HashSet<String>();
    responses.forEach((id, response) -> {
      if (response.statusCode() == status) {
        ids.add(id);
      }
    });
    return ids;
  }

  private Set<String> stored() throws Exception {
    var keys = new HashSet<String>();
    var path = "/v1/doors/%s/events?limit=100".formatted(door.id());
    var page = json(api.get(path));
    while (true) {
      page.at("/items")
          .valueStream()
          .forEach(it -> keys.add(it.at("/idempotency-key").stringValue()));
      if (!page.has("next")) {
        return keys;
      }
      page = json(api.get(path + "&cursor=" + page.at("/next").stringValue()));
    }
  }

  private double shed() {
    return sum(meters.get("smartdoor.webhooks.shed").counters());
  }

  private static double sum(Collection<Counter> counters) {
    return counters.stream().mapToDouble(Counter::count).sum();
  }

  /** Stores as ever, until a test says that it hangs or fails. */
  private static final class SlowOutbox implements Outbox {

    private final Outbox outbox;
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private volatile CountDownLatch open = new CountDownLatch(0);
    private volatile Optional<RuntimeException> failure = Optional.empty();

    SlowOutbox(Outbox outbox) {
      this.outbox = outbox;
    }

    void hangs() {
      open = new CountDownLatch(1);
    }

    void failsWith(RuntimeException with) {
      failure = Optional.of(with);
    }

    void isAsEver() {
      failure = Optional.empty();
      open.countDown();
    }

    @Override
    public Acceptance accept(AcceptedEvent event) {
      most.accumulateAndGet(inside.incrementAndGet(), Math::max);
      try {
        open.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        inside.decrementAndGet();
      }
      failure.ifPresent(it -> {
        throw it;
      });
      return outbox.accept(event);
    }

    @Override
    public Optional<RecordedEvent> newest(DoorId door) {
      return outbox.newest(door);
    }

    @Override
    public HistoryPage history(DoorId door, int limit, Optional<HistoryPosition> before) {
      return outbox.history(door, limit, before);
    }
  }

  /** Puts it in place of what webhooks are handed to. */
  @TestConfiguration
  static class InPlace {
    @Bean
    static BeanPostProcessor slowOutbox() {
      return new BeanPostProcessor() {
        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
          return name.equals("outbox") ? new SlowOutbox((Outbox) bean) : bean;
        }
      };
    }
  }
}
