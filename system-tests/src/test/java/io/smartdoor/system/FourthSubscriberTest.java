package io.smartdoor.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.events.EventCodec;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.events.ReceivedEvent;
import io.smartdoor.messaging.consuming.EventDecoder;
import io.smartdoor.messaging.consuming.HandlingOutcome;
import io.smartdoor.messaging.consuming.Subscription;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/**
 * What a fourth subscriber costs: a stack of its own and ten lines of consumer. Nothing else in the
 * system is touched.
 */
class FourthSubscriberTest {

  private static final String STACK = "system-tests/src/test/resources/stacks/audit.yaml";

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Audit {

    @Bean
    BlockingQueue<ReceivedEvent> trail() {
      return new LinkedBlockingQueue<>();
    }

    @Bean
    Subscription<ReceivedEvent> audit(
        EventCodec codec,
        BlockingQueue<ReceivedEvent> trail,
        @Value("${smartdoor.audit.queue}") String queue,
        @Value("${smartdoor.audit.dead-letter-queue}") String deadLetterQueue) {
      return new Subscription<>(
          "audit",
          queue,
          deadLetterQueue,
          EventDecoder.ofSmartDoorEvents(codec),
          event -> {
            trail.add(event);
            return HandlingOutcome.done();
          });
    }
  }

  @Test
  void hearsOfADoorThatKnowsNothingOfIt(@TempDir Path home) throws Exception {
    try (var smartDoor = SmartDoor.in(home).up()) {
      var running = smartDoor.status();
      var outputs =
          smartDoor
              .run(
                  "stacks",
                  "deploy",
                  "--endpoint",
                  running.get("endpoint").stringValue(),
                  "--account",
                  running.get("account").stringValue(),
                  STACK)
              .succeeded()
              .json()
              .get("audit");
      try (var audit =
          new SpringApplicationBuilder(Audit.class)
              .web(WebApplicationType.NONE)
              .properties(properties(running, outputs))
              .run()) {
        @SuppressWarnings("unchecked") // the bean above
        BlockingQueue<ReceivedEvent> trail = audit.getBean("trail", BlockingQueue.class);

        var answer = smartDoor.run("door", "open", "front-door").succeeded().output();

        var heard = trail.poll(30, TimeUnit.SECONDS);
        assertThat(heard).isNotNull();
        assertThat(answer).contains(keyOf(heard).toString());
        smartDoor.inboxOnce("me", items -> items.size() == 1);
      }
    }
  }

  private static IdempotencyKey keyOf(ReceivedEvent event) {
    return event.event().metadata().idempotencyKey();
  }

  private static Map<String, Object> properties(JsonNode running, JsonNode outputs) {
    var properties = new HashMap<String, Object>();
    properties.put("spring.cloud.aws.endpoint", running.get("endpoint").stringValue());
    properties.put("spring.cloud.aws.region.static", running.get("region").stringValue());
    properties.put("spring.cloud.aws.credentials.access-key", running.get("account").stringValue());
    properties.put("spring.cloud.aws.credentials.secret-key", "local");
    properties.put("smartdoor.audit.queue", outputs.get("Queue").stringValue());
    properties.put(
        "smartdoor.audit.dead-letter-queue", outputs.get("DeadLetterQueue").stringValue());
    properties.put("smartdoor.messaging.handled-table", outputs.get("HandledTable").stringValue());
    return properties;
  }
}
