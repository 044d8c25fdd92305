package io.smartdoor.lock.outbox;

import io.micrometer.core.instrument.MeterRegistry;
import io.smartdoor.events.EventCodec;
import io.smartdoor.http.AwsNeed;
import io.smartdoor.http.AwsNeedToStart;
import io.smartdoor.http.UnusableSettingException;
import io.smartdoor.messaging.Backoff;
import io.smartdoor.messaging.publishing.EventBus;
import io.smartdoor.messaging.publishing.EventPublisher;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Puts the outbox together, and starts and stops its relays. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
  OutboxConfiguration.Resources.class,
  OutboxConfiguration.Settings.class
})
class OutboxConfiguration {

  /**
   * Where accepted events are kept, by outputs of stack {@code lock}.
   *
   * @param outboxTable DynamoDB table of the accepted events
   */
  @ConfigurationProperties("smartdoor.lock")
  record Resources(String outboxTable) {

    Resources {
      UnusableSettingException.unlessSet(
          outboxTable, "smartdoor.lock.outbox-table", "the name of a table");
    }
  }

  /**
   * How accepted events reach the bus.
   *
   * @param lease how long whoever takes an event to publish it is left alone with it: longer than a
   *     publisher's three rounds of 12 s may take. What a crash left waits that long; 1s or more
   * @param sweepPeriod how often each instance looks for events that nobody publishes; up to half
   *     as long again, at random; 1ms or more
   * @param surveyPeriod how often each instance looks what is pending, for its metrics and for
   *     alarms: since when, and how much, which reads up to some ten thousand events; 1ms or more
   * @param firstRetryDelay the pause after the first failed attempt, which doubles with each; 1ms
   *     or more
   * @param longestRetryDelay the longest pause between attempts; as long as the first or longer
   * @param queueCapacity accepted events that may wait in memory for the relay. What finds no room
   *     is left to the sweeper; 1 or more
   * @param relays calls to the bus at the same time: the first takes what waits, the others take
   *     tens; 1 or more
   * @param sweepCalls of a backlog, batches of ten that an instance has under way at most; 1 or
   *     more
   * @param sweepRate of a backlog, events that an instance publishes in a second; 1 or more
   */
  @ConfigurationProperties("smartdoor.lock.outbox")
  record Settings(
      @DefaultValue("40s") Duration lease,
      @DefaultValue("4s") Duration sweepPeriod,
      @DefaultValue("30s") Duration surveyPeriod,
      @DefaultValue("1s") Duration firstRetryDelay,
      @DefaultValue("30s") Duration longestRetryDelay,
      @DefaultValue("1000") int queueCapacity,
      @DefaultValue("4") int relays,
      @DefaultValue("8") int sweepCalls,
      @DefaultValue("500") int sweepRate) {

    private static final Duration MILLISECOND = Duration.ofMillis(1);

    Settings {
      demand(lease.compareTo(Duration.ofSeconds(1)) >= 0, "lease", "1s or more", lease);
      demand(sweepPeriod.compareTo(MILLISECOND) >= 0, "sweep-period", "1ms or more", sweepPeriod);
      demand(
          surveyPeriod.compareTo(MILLISECOND) >= 0, "survey-period", "1ms or more", surveyPeriod);
      demand(
          firstRetryDelay.compareTo(MILLISECOND) >= 0,
          "first-retry-delay",
          "1ms or more",
          firstRetryDelay);
      UnusableSettingException.unlessInOrder(
          "smartdoor.lock.outbox.first-retry-delay",
          firstRetryDelay,
          "smartdoor.lock.outbox.longest-retry-delay",
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
      Resources resources,
      RelayPolicy policy,
      EventCodec codec,
      OutboxMetrics metrics) {
    return new DynamoDbOutbox(
        dynamoDb, resources.outboxTable(), policy.lease(), codec, UUID::randomUUID, metrics);
  }

  /** Without its table no webhook is accepted. The smallest read of it that the role allows. */
  @Bean
  AwsNeed outboxTable(DynamoDbOutbox outbox) {
    return outbox::find;
  }

  /** Without it events would be accepted, published and heard by nobody, and nothing would fail. */
  @Bean
  AwsNeedToStart bus(EventBus bus) {
    return bus::find;
  }

  @Bean
  ParkedEvents parkedEvents(DynamoDbClient dynamoDb, Resources resources, OutboxMetrics metrics) {
    return new DynamoDbParkedEvents(dynamoDb, resources.outboxTable(), UUID::randomUUID, metrics);
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
        new SweepPolicy(settings.sweepCalls(), settings.sweepRate()),
        metrics,
        clock,
        Thread::sleep,
        random);
  }

  @Bean
  Surveyor surveyor(DynamoDbOutbox backlog, OutboxMetrics metrics, Settings settings) {
    var threads = Thread.ofPlatform().name("outbox-surveyor-", 1).daemon(true).factory();
    return new Surveyor(
        backlog,
        metrics,
        settings.surveyPeriod(),
        () -> Executors.newScheduledThreadPool(Surveyor.THREADS, threads));
  }

  @Bean
  Relaying relaying(
      RelayQueue queue,
      Sweeper sweeper,
      Surveyor surveyor,
      Settings settings,
      SecureRandom random) {
    var threads = Thread.ofPlatform().name("outbox-sweeper").daemon(true).factory();
    return new Relaying(
        queue,
        new SweepSchedule(
            sweeper,
            settings.sweepPeriod(),
            () -> Executors.newSingleThreadScheduledExecutor(threads),
            random),
        surveyor);
  }

  /** Starts before the first webhook comes in and stops after the last one was answered. */
  static final class Relaying implements SmartLifecycle {

    /** Together with the web server's share, within the three seconds a service has to stop. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Lower than the web server's phases: started before it, stopped after it. */
    private static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 4096;

    private final RelayQueue queue;
    private final SweepSchedule sweeps;
    private final Surveyor surveyor;
    private volatile boolean running;

    Relaying(RelayQueue queue, SweepSchedule sweeps, Surveyor surveyor) {
      this.queue = queue;
      this.sweeps = sweeps;
      this.surveyor = surveyor;
    }

    @Override
    public void start() {
      queue.start();
      sweeps.start();
      surveyor.start();
      running = true;
    }

    @Override
    public void stop() {
      var until = System.nanoTime() + PATIENCE.toNanos();
      surveyor.stop();
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
