package io.smartdoor.lock.outbox;

import io.micrometer.core.instrument.MeterRegistry;
import io.smartdoor.events.EventCodec;
import io.smartdoor.http.UnusableSettingException;
import io.smartdoor.messaging.Backoff;
import io.smartdoor.messaging.publishing.EventPublisher;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Puts the outbox together, and starts and stops its relays. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OutboxConfiguration.Settings.class)
class OutboxConfiguration {

  /** As described in application.yaml. */
  @ConfigurationProperties("smartdoor.lock.outbox")
  record Settings(
      Duration lease,
      Duration sweepPeriod,
      Duration surveyPeriod,
      Duration firstRetryDelay,
      Duration longestRetryDelay,
      int queueCapacity,
      int relays,
      int sweepCalls,
      int sweepRate) {

    private static final Duration MILLISECOND = Duration.ofMillis(1);

    Settings {
      demand(lease.compareTo(Duration.ofSeconds(1)) >= 0, "lease", "1s or more", lease);
      demand(sweepPeriod.compareTo(MILLISECOND) >= 0, "sweep-period", "1ms or more", sweepPeriod);
      demand(!surveyPeriod.isNegative(), "survey-period", "0s or more", surveyPeriod);
      demand(
          firstRetryDelay.compareTo(MILLISECOND) >= 0,
          "first-retry-delay",
          "1ms or more",
          firstRetryDelay);
      demand(
          longestRetryDelay.compareTo(firstRetryDelay) >= 0,
          "longest-retry-delay",
          "first-retry-delay or more",
          longestRetryDelay);
      demand(queueCapacity >= 1, "queue-capacity", "1 or more", queueCapacity);
      demand(relays >= 1, "relays", "1 or more", relays);
      demand(sweepCalls >= 1, "sweep-calls", "1 or more", sweepCalls);
      demand(sweepRate >= 1, "sweep-rate", "1 or more", sweepRate);
    }

    private static void demand(boolean holds, String property, String expected, Object found) {
      UnusableSettingException.unless(holds, "smartdoor.lock.outbox." + property, expected, found);
    }
  }

  @Bean
  RelayPolicy relayPolicy(Settings settings, SecureRandom random) {
    return new RelayPolicy(
        settings.lease(),
        new Backoff(settings.firstRetryDelay(), settings.longestRetryDelay(), random::nextDouble),
        RelayPolicy.RETENTION);
  }

  @Bean
  DynamoDbOutbox dynamoDbOutbox(
      DynamoDbClient dynamoDb,
      @Value("${smartdoor.lock.outbox-table}") String table,
      RelayPolicy policy,
      EventCodec codec,
      OutboxMetrics metrics) {
    return new DynamoDbOutbox(dynamoDb, table, policy.lease(), codec, UUID::randomUUID, metrics);
  }

  @Bean
  ParkedEvents parkedEvents(
      DynamoDbClient dynamoDb,
      @Value("${smartdoor.lock.outbox-table}") String table,
      OutboxMetrics metrics) {
    return new DynamoDbParkedEvents(dynamoDb, table, UUID::randomUUID, metrics);
  }

  @Bean
  OutboxMetrics outboxMetrics(MeterRegistry meters, Clock clock) {
    return new OutboxMetrics(meters, clock);
  }

  @Bean
  Relay relay(
      DynamoDbOutbox backlog,
      EventPublisher publisher,
      RelayPolicy policy,
      OutboxMetrics metrics,
      Clock clock) {
    return new Relay(backlog, publisher, policy, metrics, clock);
  }

  @Bean
  RelayQueue relayQueue(Relay relay, Settings settings) {
    return new RelayQueue(relay, settings.queueCapacity(), settings.relays());
  }

  @Bean
  @Primary
  Outbox outbox(DynamoDbOutbox outbox, RelayQueue queue, RelayPolicy policy) {
    return new RelayingOutbox(outbox, queue, policy.lease());
  }

  @Bean
  Sweeper sweeper(
      DynamoDbOutbox backlog,
      Relay relay,
      RelayPolicy policy,
      OutboxMetrics metrics,
      Settings settings,
      Clock clock,
      SecureRandom random) {
    return new Sweeper(
        backlog,
        relay,
        policy,
        new SweepPolicy(settings.surveyPeriod(), settings.sweepCalls(), settings.sweepRate()),
        metrics,
        clock,
        Thread::sleep,
        random);
  }

  @Bean
  Relaying relaying(RelayQueue queue, Sweeper sweeper, Settings settings, SecureRandom random) {
    var threads = Thread.ofPlatform().name("outbox-sweeper").daemon(true).factory();
    return new Relaying(
        queue,
        new SweepSchedule(
            sweeper,
            settings.sweepPeriod(),
            () -> Executors.newSingleThreadScheduledExecutor(threads),
            random));
  }

  /** Starts before the first webhook comes in and stops after the last one was answered. */
  static final class Relaying implements SmartLifecycle {

    /** Together with the web server's share, within the three seconds a service has to stop. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Lower than the web server's phases: started before it, stopped after it. */
    private static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 4096;

    private final RelayQueue queue;
    private final SweepSchedule sweeps;
    private volatile boolean running;

    Relaying(RelayQueue queue, SweepSchedule sweeps) {
      this.queue = queue;
      this.sweeps = sweeps;
    }

    @Override
    public void start() {
      queue.start();
      sweeps.start();
      running = true;
    }

    @Override
    public void stop() {
      var until = System.nanoTime() + PATIENCE.toNanos();
      try {
        sweeps.stop();
        queue.stop(PATIENCE);
        sweeps.awaitStop(Duration.ofNanos(Math.max(0, until - System.nanoTime())));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      running = false;
    }

    @Override
    public boolean isRunning() {
      return running;
    }

    @Override
    public int getPhase() {
      return PHASE;
    }
  }
}
