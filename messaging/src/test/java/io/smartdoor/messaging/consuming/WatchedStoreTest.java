package io.smartdoor.messaging.consuming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdoor.messaging.Backoff;
import io.smartdoor.messaging.consuming.FaultyStore.Operation;
import io.smartdoor.messaging.idempotency.Claim.Granted;
import io.smartdoor.messaging.idempotency.ClaimToken;
import io.smartdoor.messaging.idempotency.EventKey;
import io.smartdoor.messaging.idempotency.Release;
import io.smartdoor.messaging.testing.InMemoryIdempotencyStore;
import io.smartdoor.messaging.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WatchedStoreTest {

  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-31T12:00:00Z"));
  private final FaultyStore store =
      new FaultyStore(new InMemoryIdempotencyStore(clock, Duration.ofSeconds(20)));
  private final List<Duration> pauses = new ArrayList<>();
  private final Queue<Runnable> probes = new ArrayDeque<>();
  private final WatchedStore watched =
      new WatchedStore(
          store,
          new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), () -> 0),
          (delay, probe) -> {
            pauses.add(delay);
            probes.add(probe);
          });
  private final EventKey key = new EventKey("Door Status", Openings.aKey());
  private final ClaimToken nobody = new ClaimToken(new UUID(1, 1));

  @Test
  void letsEveryAnswerThrough() throws InterruptedException {
    var granted = (Granted) watched.claim(key);
    assertThat(watched.renew(key, granted.token())).isPresent();
    assertThat(watched.complete(key, granted.token())).isTrue();
    assertThat(watched.complete(key, nobody)).isFalse();
    assertThat(watched.renew(key, nobody)).isEmpty();
    assertThat(watched.release(key, nobody, Release.CLEAN)).isFalse();
    var other = new EventKey("Door Status", Openings.aKey());
    var held = (Granted) watched.claim(other);
    assertThat(watched.release(other, held.token(), Release.CLEAN)).isTrue();

    assertThat(watched.isReachable()).isTrue();
    watched.awaitReachable();
    assertThat(probes).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void noticesWhenAnyCallFails(Operation operation) {
    store.failing.add(operation);

    assertThatThrownBy(() -> call(operation)).hasMessage("DynamoDB is out of reach");
    assertThat(watched.isReachable()).isFalse();
  }

  @Test
  void asksWithGrowingPausesUntilTheStoreAnswers() {
    lose();
    for (var i = 0; i < 9; i++) {
      probes.remove().run();
      assertThat(watched.isReachable()).isFalse();
    }
    store.failing.clear();
    probes.remove().run();

    assertThat(watched.isReachable()).isTrue();
    assertThat(probes).isEmpty();
    assertThat(pauses)
        .extracting(Duration::toMillis)
        .containsExactly(500L, 1000L, 2000L, 4000L, 8000L, 15000L, 15000L, 15000L, 15000L, 15000L);
  }

  @Test
  void asksOnceHoweverManyNotice() {
    lose();
    lose();

    assertThat(probes).hasSize(1);
  }

  @Test
  void noticesEveryOutage() {
    lose();
    store.failing.clear();
    probes.remove().run();
    lose();

    assertThat(watched.isReachable()).isFalse();
    assertThat(pauses).containsExactly(Duration.ofMillis(500), Duration.ofMillis(500));
  }

  @Test
  void letsThoseGoOnWhoWaitWhenTheStoreIsBack() throws InterruptedException {
    lose();
    var passed = new ArrayList<Boolean>();
    var waiting =
        Thread.ofVirtual()
            .start(() -> {
              try {
                watched.awaitReachable();
                passed.add(watched.isReachable());
              } catch (InterruptedException e) {
                passed.add(false);
              }
            });
    store.failing.clear();
    probes.remove().run();
    waiting.join();

    assertThat(passed).containsExactly(true);
  }

  @Test
  void changesNothingByAsking() {
    lose();
    store.failing.clear();
    store.calls.clear();
    probes.remove().run();

    assertThat(store.calls).containsExactly(Operation.RENEW);
  }

  private void lose() {
    store.failing.addAll(List.of(Operation.CLAIM, Operation.RENEW));
    assertThatThrownBy(() -> watched.claim(key)).isInstanceOf(IllegalStateException.class);
  }

  private void call(Operation operation) {
    switch (operation) {
      case CLAIM -> watched.claim(key);
      case RENEW -> watched.renew(key, nobody);
      case COMPLETE -> watched.complete(key, nobody);
      case RELEASE -> watched.release(key, nobody, Release.CLEAN);
    }
  }
}
