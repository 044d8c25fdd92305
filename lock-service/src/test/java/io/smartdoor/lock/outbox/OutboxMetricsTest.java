package io.smartdoor.lock.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smartdoor.messaging.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OutboxMetricsTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Path STACK = Path.of("..", "infra", "stacks", "lock-service.yaml");

  private final OutboxMetrics metrics =
      new OutboxMetrics(new SimpleMeterRegistry(), new SettableClock(NOW));
  private final Logger logger = (Logger) LoggerFactory.getLogger(OutboxMetrics.class);
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();

  @BeforeEach
  void listen() {
    said.start();
    logger.addAppender(said);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(said);
  }

  @Test
  void whatWaitsIsSaidWhereTheAlarmsLookForIt() throws Exception {
    metrics.showOldest(Optional.of(NOW.minusSeconds(150)));
    metrics.show(new Backlog.Survey(3, 2));

    var lines = said.list.stream().map(OutboxMetricsTest::asJson).toList();
    var selectors =
        Pattern.compile("MetricValue: \\$\\.([a-z.-]+)")
            .matcher(Files.readString(STACK))
            .results()
            .map((MatchResult it) -> it.group(1))
            .toList();
    assertThat(selectors)
        .containsExactlyInAnyOrder(
            "smartdoor.outbox.oldest-pending-seconds", "smartdoor.outbox.parked");
    var selected =
        selectors.stream()
            .flatMap(it -> lines.stream().map(line -> line.at("/" + it.replace('.', '/'))))
            .filter(JsonNode::isNumber)
            .map(JsonNode::asDouble)
            .toList();
    assertThat(selected).containsExactlyInAnyOrder(150.0, 2.0);
    assertThat(said.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "the oldest event waits for the bus for 150 s",
            "3 events wait for the bus; it refused 2 for good");
  }

  @Test
  void anOutboxInWhichNothingWaitsSaysNothing() {
    metrics.showOldest(Optional.empty());
    metrics.show(new Backlog.Survey(0, 0));

    assertThat(said.list).isEqualTo(List.of());
  }

  /** As a service writes it, unless it is told to write for people. */
  private static JsonNode asJson(ILoggingEvent event) {
    var context = new LoggerContext();
    context.putObject(Environment.class.getName(), new StandardEnvironment());
    var encoder = new StructuredLogEncoder();
    encoder.setContext(context);
    encoder.setFormat("ecs");
    encoder.start();
    return JsonMapper.shared().readTree(new String(encoder.encode(event), StandardCharsets.UTF_8));
  }
}
