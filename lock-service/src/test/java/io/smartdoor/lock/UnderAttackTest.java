package io.smartdoor.lock;

import static io.smartdoor.lock.LockApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.smartdoor.infra.testing.LocalAws;
import io.smartdoor.lock.LockApi.Registered;
import io.smartdoor.lock.LockApi.Webhook;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Whoever attacks does so from the door's own address: all that comes, comes from 127.0.0.1. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "smartdoor.admin.token=" + LockApi.TOKEN,
      "smartdoor.lock.webhooks.door-rate=2",
      "smartdoor.lock.webhooks.door-burst=15",
      "smartdoor.lock.webhooks.unproven-rate=2",
      "smartdoor.lock.webhooks.unproven-burst=5"
    })
class UnderAttackTest {

  private static final LocalAws AWS = LocalAws.withStacks("lock");
  private static final String OPEN = "{\"state\": \"open\"}";
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int FLOOD = 40;

  enum Attack {
    WRONG_SIGNATURE(401) {
      @Override
      Webhook of(LockApi api, Registered door) {
        return api.webhook(door, OPEN).header("webhook-signature", "v1,AAAA");
      }
    },
    SIGNATURE_OF_ANOTHER_KEY(401) {
      @Override
      Webhook of(LockApi api, Registered door) {
        return api.webhook(new Registered(door.id(), "whsec_AAAA"), OPEN);
      }
    },
    DOORS_THAT_DO_NOT_EXIST(401) {
      @Override
      Webhook of(LockApi api, Registered door) {
        return api.webhook(door, OPEN).to("door-" + UUID.randomUUID());
      }
    },
    NO_ID_OF_A_DOOR(401) {
      @Override
      Webhook of(LockApi api, Registered door) {
        return api.webhook(door, OPEN).to("NOT-AN-ID");
      }
    },
    OVERHEARD_LONG_AGO(401) {
      @Override
      Webhook of(LockApi api, Registered door) {
        return api.webhook(door, OPEN).sentAt(Instant.now().minusSeconds(3600));
      }
    },
    NOT_SIGNED(401) {
      @Override
      Webhook of(LockApi api, Registered door) {
        return api.webhook(door, OPEN).without("webhook-signature");
      }
    },
    MALFORMED(400) {
      @Override
      Webhook of(LockApi api, Registered door) {
        return api.webhook(door, OPEN).timestamp("yesterday");
      }
    },
    NO_JSON(415) {
      @Override
      Webhook of(LockApi api, Registered door) {
        return api.webhook(door, OPEN).header("Content-Type", "text/plain");
      }
    },
    TOO_LARGE(413) {
      @Override
      Webhook of(LockApi api, Registered door) {
        return api.webhook(door, " ".repeat(20 * 1024 + 1));
      }
    },
    UNDER_MADE_UP_ADDRESSES(401) {
      @Override
      Webhook of(LockApi api, Registered door) {
        return api.webhook(door, OPEN)
            .header("webhook-signature", "v1,AAAA")
            .header("X-Forwarded-For", "198.51.100." + (int) (Math.random() * 256));
      }
    };

    private final int status;

    Attack(int status) {
      this.status = status;
    }

    abstract Webhook of(LockApi api, Registered door);
  }

  private final MeterRegistry meters;
  private LockApi api;

  UnderAttackTest(@Autowired MeterRegistry meters) {
    this.meters = meters;
  }

  @DynamicPropertySource
  static void aws(DynamicPropertyRegistry registry) {
    AWS.asProperties().forEach((name, value) -> registry.add(name, () -> value));
  }

  @BeforeEach
  void connect(@LocalServerPort int port) throws Exception {
    api = new LockApi(port);
  }

  @ParameterizedTest
  @EnumSource
  void nobodyLocksOutADoorThatWasHeardBefore(Attack attack) throws Exception {
    var door = aDoorThatWasHeard();
    var before = refused("source-rate");
    var attacks = new ArrayList<Integer>();
    var reports = new ArrayList<Integer>();

    for (var i = 0; i < FLOOD; i++) {
      var response = attack.of(api, door).send();
      attacks.add(response.statusCode());
      if (response.statusCode() == 429) {
        assertThat(seconds(response)).isEqualTo(1);
      }
      if (i % 4 == 0) {
        reports.add(api.webhook(door, OPEN).send().statusCode());
      }
    }

    assertThat(reports).containsOnly(202);
    assertThat(attacks).containsOnly(attack.status, 429);
    var putOff = (int) attacks.stream().filter(it -> it == 429).count();
    assertThat(putOff).isGreaterThan(FLOOD / 4);
    assertThat(refused("source-rate") - before).isEqualTo(putOff);
  }

  /** It is the door's own request, to the byte: only that it was answered before tells. */
  @Test
  void anOverheardWebhookThatIsRepeatedTakesNothingFromItsDoor() throws Exception {
    var door = aDoorThatWasHeard();
    var overheard = api.webhook(door, OPEN);
    overheard.send();

    for (var i = 0; i < 100; i++) {
      var again = overheard.send();
      assertThat(again.statusCode()).isEqualTo(202);
      assertThat(again.headers().firstValue("Idempotency-Replayed")).hasValue("true");
    }

    for (var i = 0; i < 10; i++) {
      assertThat(api.webhook(door, OPEN).send().statusCode()).isEqualTo(202);
    }
  }

  @Test
  void aDoorThatReportsTooMuchIsPutOffAndLosesNothing() throws Exception {
    var door = aDoorThatWasHeard();
    var other = aDoorThatWasHeard();
    var before = refused("rate");
    var accepted = new ArrayList<Webhook>();
    var putOff = new ArrayList<Webhook>();
    while (putOff.size() < 3) {
      var webhook = api.webhook(door, OPEN);
      var response = webhook.send();
      if (response.statusCode() == 429) {
        assertThat(seconds(response)).isEqualTo(1);
        putOff.add(webhook);
      } else {
        assertThat(response.statusCode()).isEqualTo(202);
        accepted.add(webhook);
      }
    }

    assertThat(accepted).hasSizeGreaterThanOrEqualTo(14);
    assertThat(refused("rate") - before).isEqualTo(3);
    assertThat(events(door))
        .as("nothing of what was put off is stored")
        .isEqualTo(accepted.size() + 1);
    assertThat(api.webhook(other, OPEN).send().statusCode()).as("another door").isEqualTo(202);
    for (var webhook : accepted) {
      assertThat(webhook.send().statusCode()).as("a repetition").isEqualTo(202);
    }
    for (var webhook : putOff) {
      await().atMost(SOON).until(() -> webhook.send().statusCode() == 202);
    }
    assertThat(events(door)).isEqualTo(accepted.size() + 1 + putOff.size());
  }

  /** What is looked up for it is at the expense of its address, until it has proved itself. */
  private Registered aDoorThatWasHeard() throws Exception {
    var door = api.register();
    await().atMost(SOON).until(() -> api.webhook(door, OPEN).send().statusCode() == 202);
    return door;
  }

  private int events(Registered door) throws Exception {
    return json(api.get("/v1/doors/%s/events?limit=100".formatted(door.id()))).at("/items").size();
  }

  private static int seconds(HttpResponse<String> response) {
    return response.headers().firstValue("Retry-After").map(Integer::parseInt).orElse(0);
  }

  private double refused(String reason) {
    return meters.get("smartdoor.webhooks.refused").tag("reason", reason).counter().count();
  }
}
