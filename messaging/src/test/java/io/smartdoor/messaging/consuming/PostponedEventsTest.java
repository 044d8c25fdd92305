package io.smartdoor.messaging.consuming;

import static io.smartdoor.messaging.consuming.Openings.aKey;
import static io.smartdoor.messaging.consuming.Openings.opening;
import static io.smartdoor.messaging.consuming.Openings.openingAcceptedAt;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.events.ReceivedEvent;
import io.smartdoor.messaging.Backoff;
import io.smartdoor.messaging.consuming.FaultyStore.Operation;
import io.smartdoor.messaging.idempotency.EventKey;
import io.smartdoor.messaging.testing.InMemoryIdempotencyStore;
import io.smartdoor.messaging.testing.RecordedTraces;
import io.smartdoor.messaging.testing.SettableClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How long an event waits that is tried again and again is said where alarms look for it. */
class PostponedEventsTest {

  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
  private static final Duration LEASE = Duration.ofSeconds(20);
  private static final Path STACKS = Path.of("..", "infra", "stacks");

  private final SettableClock clock = new SettableClock(NOW);
  private final FaultyStore store = new FaultyStore(new InMemoryIdempotencyStore(clock, LEASE));
  private final Logger logger = (Logger) LoggerFactory.getLogger(QueueConsumer.class);
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();
  private final IdempotencyKey key = aKey();
  private final String sixMinutesOld = openingAcceptedAt(key, NOW.minusSeconds(360));

  @BeforeEach
  void listen() {
    said.start();
    logger.addAppender(said);
    logger.setLevel(Level.INFO);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(said);
    logger.setLevel(null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"notification-service", "identification-service"})
  void itIsSaidWhereTheAlarmLooksForIt(String stack) throws IOException {
    receive(sixMinutesOld, _ -> HandlingOutcome.retryLater(Duration.ofSeconds(60)));

    var selectors =
        Pattern.compile("MetricValue: \\$\\.([a-z.-]+)")
            .matcher(Files.readString(STACKS.resolve(stack + ".yaml")))
            .results()
            .map(it -> it.group(1))
            .toList();
    assertThat(selectors).hasSize(1);
    assertThat(line().at("/" + selectors.getFirst().replace('.', '/')).asDouble()).isEqualTo(360.0);
    assertThat(said.list.getLast().getFormattedMessage())
        .isEqualTo(
            "notification: Door Status#%s still waits, 360 s after it was accepted".formatted(key));
  }

  @Test
  void whoseItIsIsSaidInTheSameLine() {
    receive(sixMinutesOld, _ -> HandlingOutcome.retryLater(Duration.ZERO));

    assertThat(said.list.getLast().getMDCPropertyMap())
        .containsEntry("idempotency-key", key.toString());
  }

  @Test
  void soItIsWhereTheHandlerFailsOrTheTableIsOutOfReach() {
    receive(
        sixMinutesOld,
        _ -> {
          throw new IllegalStateException("out of order");
        });
    assertThat(waiting()).containsExactly(360.0);

    store.failing.add(Operation.CLAIM);
    clock.advance(Duration.ofMillis(1500));
    receive(sixMinutesOld, _ -> HandlingOutcome.done());
    assertThat(waiting()).containsExactly(360.0, 361.5);
  }

  @Test
  void nothingIsSaidOfWhatIsHandledOrInTheHandsOfAnotherOrOfAnUnknownAge() {
    receive(sixMinutesOld, _ -> HandlingOutcome.done());
    receive(sixMinutesOld, _ -> HandlingOutcome.done());
    var held = aKey();
    store.claim(new EventKey("Door Status", held));
    receive(openingAcceptedAt(held, NOW.minusSeconds(360)), _ -> HandlingOutcome.done());
    receive(opening(aKey()), _ -> HandlingOutcome.retryLater(Duration.ZERO));

    assertThat(said.list).hasSizeGreaterThan(3);
    assertThat(waiting()).isEmpty();
  }

  private void receive(String message, EventHandler<ReceivedEvent> handler) {
    var consumer =
        new QueueConsumer<>(
            new Subscription<>("notification", "queue", "dlq", Openings.DECODER, handler),
            store,
            clock,
            new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(30), () -> 0),
            10,
            new ConsumerMetrics(new SimpleMeterRegistry(), "notification"),
            Vigils.over(store, clock, LEASE),
            new RecordedTraces().traces());
    var _ = consumer.receive(new RecordedDelivery(message));
  }

  /** What was said to wait, in seconds. */
  private List<Double> waiting() {
    return said.list.stream()
        .filter(it -> it.getKeyValuePairs() != null)
        .flatMap(it -> it.getKeyValuePairs().stream())
        .filter(it -> it.key.equals("smartdoor.events.postponed-seconds"))
        .map(it -> (Double) it.value)
        .toList();
  }

  /** The last line as a service writes it, unless it is told to write for people. */
  private JsonNode line() {
    var context = new LoggerContext();
    context.putObject(Environment.class.getName(), new StandardEnvironment());
    var encoder = new StructuredLogEncoder();
    encoder.setContext(context);
    encoder.setFormat("ecs");
    encoder.start();
    var written = encoder.encode(said.list.getLast());
    return JsonMapper.shared().readTree(new String(written, StandardCharsets.UTF_8));
  }
}
