package io.smartdoor.messaging.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.messaging.idempotency.Claim.Granted;
import io.smartdoor.messaging.testing.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * Random histories of several consumers and one event, each answer held against a {@link
 * ClaimModel}. A consumer remembers its token until it crashes, and uses it whether or not it still
 * holds the claim. A history is repeated by {@code -Dsmartdoor.seed=N}.
 */
final class ClaimHistories {

  private static final int CONSUMERS = 3;
  private static final List<Release> RELEASES = List.of(Release.values());

  private final IdempotencyStore store;
  private final SettableClock clock;
  private final Duration lease;

  ClaimHistories(IdempotencyStore store, SettableClock clock, Duration lease) {
    this.store = store;
    this.clock = clock;
    this.lease = lease;
  }

  /** Runs {@code number} histories of {@code steps} steps; what fails names its seed and steps. */
  void agreeWithTheModel(int number, int steps) {
    var given = Long.getLong("smartdoor.seed");
    if (given != null) {
      run(given, steps);
      return;
    }
    for (var i = 0; i < number; i++) {
      run(new Random().nextLong(), steps);
    }
  }

  private void run(long seed, int steps) {
    var random = new Random(seed);
    var model = new ClaimModel(lease);
    var key = new EventKey("Door Status", new IdempotencyKey(UUID.randomUUID()));
    var tokens = new ArrayList<ClaimToken>();
    for (var i = 0; i < CONSUMERS; i++) {
      tokens.add(new ClaimToken(UUID.randomUUID()));
    }
    var history = new ArrayList<String>();
    for (var i = 0; i < steps; i++) {
      var consumer = random.nextInt(CONSUMERS);
      var token = tokens.get(consumer);
      var now = clock.instant();
      switch (random.nextInt(10)) {
        case 0, 1, 2 -> {
          var claim = store.claim(key);
          note(history, consumer, "claim", claim);
          assertThat(model.allows(claim, now)).as(where(seed, history)).isTrue();
          if (claim instanceof Granted granted) {
            tokens.set(consumer, granted.token());
          }
        }
        case 3, 4 -> {
          var until = store.renew(key, token);
          note(history, consumer, "renew", until);
          assertThat(until).as(where(seed, history)).isEqualTo(model.renew(token, now));
        }
        case 5 -> {
          if (random.nextInt(4) == 0) {
            var held = store.complete(key, token);
            note(history, consumer, "complete", held);
            assertThat(held).as(where(seed, history)).isEqualTo(model.complete(token, now));
          }
        }
        case 6, 7 -> {
          var how = RELEASES.get(random.nextInt(RELEASES.size()));
          var held = store.release(key, token, how);
          note(history, consumer, "release " + how, held);
          assertThat(held).as(where(seed, history)).isEqualTo(model.release(token, how));
        }
        case 8 -> {
          tokens.set(consumer, new ClaimToken(UUID.randomUUID()));
          note(history, consumer, "crash", "");
        }
        default -> {
          clock.advance(Duration.ofMillis(random.nextLong(lease.toMillis())));
          note(history, consumer, "later", clock.instant());
        }
      }
    }
  }

  private static void note(List<String> history, int consumer, String what, Object answer) {
    history.add("%d: %s %s".formatted(consumer, what, answer));
  }

  private static String where(long seed, List<String> history) {
    return "seed %d: %s".formatted(seed, String.join("; ", history));
  }
}
