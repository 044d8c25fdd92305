package io.smartdoor.lock.outbox;

import static io.smartdoor.lock.outbox.OutboxFixture.LEASE;
import static io.smartdoor.lock.outbox.OutboxFixture.NOW;
import static io.smartdoor.lock.outbox.OutboxFixture.aDoor;
import static io.smartdoor.lock.outbox.OutboxFixture.anOpeningOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smartdoor.messaging.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

@Timeout(30)
class SurveyorTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  private final SettableClock clock = new SettableClock(NOW);
  private final InMemoryOutbox outbox = new InMemoryOutbox(LEASE);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final OutboxMetrics metrics = new OutboxMetrics(meters, clock);
  private final CountDownLatch over = new CountDownLatch(1);

  @AfterEach
  void letGo() {
    over.countDown();
  }

  @Test
  void showsWhatWaitsAgainAndAgain() {
    var surveyor = surveyorOf(outbox);
    surveyor.start();
    outbox.accept(anOpeningOf(aDoor()));
    clock.advance(Duration.ofSeconds(150));

    await().atMost(SOON).until(() -> gauge("oldest-pending-seconds") == 150);
    await().atMost(SOON).until(() -> gauge("pending") == 1);
    surveyor.stop();
  }

  /** The larger the backlog, the longer the count, and the more somebody has to hear of it. */
  @Test
  void showsHowLongTheOldestWaitsHoweverLongTheCountTakes() {
    var surveyor =
        surveyorOf(
            new WatchedBacklog(outbox) {
              @Override
              public Survey survey() {
                awaited(over);
                return super.survey();
              }
            });
    surveyor.start();
    outbox.accept(anOpeningOf(aDoor()));
    clock.advance(Duration.ofSeconds(150));

    await().atMost(SOON).until(() -> gauge("oldest-pending-seconds") == 150);
    surveyor.stop();
  }

  @Test
  void survivesWhateverALookFailsWith() throws Exception {
    var looks = new CountDownLatch(3);
    var counts = new AtomicInteger();
    var surveyor =
        surveyorOf(
            new WatchedBacklog(outbox) {
              @Override
              public Optional<Instant> oldest() {
                looks.countDown();
                throw new StackOverflowError("of a test");
              }

              @Override
              public Survey survey() {
                counts.incrementAndGet();
                throw new IllegalStateException("throttled");
              }
            });
    surveyor.start();

    assertThat(looks.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    await().atMost(SOON).until(() -> counts.get() > 2);
    surveyor.stop();
  }

  @Test
  void endsALookThatIsUnderWayWhenItStops() throws Exception {
    var looking = new CountDownLatch(1);
    var scheduler = Executors.newScheduledThreadPool(Surveyor.THREADS);
    var hanging =
        new WatchedBacklog(outbox) {
          @Override
          public Survey survey() {
            looking.countDown();
            awaited(over);
            return super.survey();
          }
        };
    var surveyor = new Surveyor(hanging, metrics, Duration.ofMillis(1), () -> scheduler);
    surveyor.start();
    looking.await();

    surveyor.stop();

    assertThat(scheduler.awaitTermination(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  /** One page of a large backlog is some five hundred events. */
  @Test
  void countsNoFurtherThanAnybodyWantsToKnow() {
    var page = QueryResponse.builder().count(500).build();

    assertThat(DynamoDbOutbox.count(List.of(page, page, page, page), 1250)).isEqualTo(1500);
    assertThat(DynamoDbOutbox.count(List.of(page, page), 1250)).isEqualTo(1000);
  }

  private double gauge(String name) {
    return meters.get("smartdoor.outbox." + name).gauge().value();
  }

  private Surveyor surveyorOf(Backlog backlog) {
    return new Surveyor(
        backlog,
        metrics,
        Duration.ofMillis(1),
        () -> Executors.newScheduledThreadPool(Surveyor.THREADS));
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
