package io.smartdoor.messaging.consuming;

import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.messaging.Backoff;
import io.smartdoor.messaging.idempotency.Claim;
import io.smartdoor.messaging.idempotency.ClaimToken;
import io.smartdoor.messaging.idempotency.EventKey;
import io.smartdoor.messaging.idempotency.IdempotencyStore;
import io.smartdoor.messaging.idempotency.Release;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices when the store is out of reach, so that nothing is received meanwhile that could not be
 * claimed: an outage uses up no receives and no attempts, however long it lasts. When the store is
 * back it finds out by asking it, after growing pauses, to renew a claim that nobody has, which
 * changes nothing. Safe for use by several threads.
 */
final class WatchedStore implements IdempotencyStore {

  /** No event's, since no event has such a detail-type; nothing is ever stored under it. */
  private static final EventKey NO_EVENT =
      new EventKey("smartdoor-probe", new IdempotencyKey(new UUID(0, 0)));

  private static final ClaimToken NOBODY = new ClaimToken(new UUID(0, 0));

  private static final Logger log = LoggerFactory.getLogger(WatchedStore.class);

  private final IdempotencyStore store;
  private final Backoff backoff;
  private final BiConsumer<Duration, Runnable> later;
  private CompletableFuture<Boolean> reachable = CompletableFuture.completedFuture(true);

  /**
   * Watches {@code store}, which is taken to be in reach.
   *
   * @param backoff the pauses between probes
   * @param later runs something after a while
   */
  WatchedStore(IdempotencyStore store, Backoff backoff, BiConsumer<Duration, Runnable> later) {
    this.store = store;
    this.backoff = backoff;
    this.later = later;
  }

  /** Returns when the store is in reach, as far as is known. */
  void awaitReachable() throws InterruptedException {
    try {
      reachable().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a future that nobody fails has failed", e);
    }
  }

  boolean isReachable() {
    return reachable().isDone();
  }

  private synchronized CompletableFuture<Boolean> reachable() {
    return reachable;
  }

  @Override
  public Claim claim(EventKey key) {
    return watched(() -> store.claim(key));
  }

  @Override
  public Optional<Instant> renew(EventKey key, ClaimToken token) {
    return watched(() -> store.renew(key, token));
  }

  @Override
  public boolean complete(EventKey key, ClaimToken token) {
    return watched(() -> store.complete(key, token));
  }

  @Override
  public boolean release(EventKey key, ClaimToken token, Release how) {
    return watched(() -> store.release(key, token, how));
  }

  private <T> T watched(Supplier<T> call) {
    try {
      return call.get();
    } catch (RuntimeException e) {
      lost(e);
      throw e;
    }
  }

  private synchronized void lost(RuntimeException e) {
    if (reachable.isDone()) {
      reachable = new CompletableFuture<>();
      log.warn(
          "polling pauses, since the table of what was handled is out of reach: {}", e.toString());
      probeLater(1);
    }
  }

  private void probeLater(int number) {
    later.accept(backoff.delay(number), () -> probe(number));
  }

  private void probe(int number) {
    try {
      var _ = store.renew(NO_EVENT, NOBODY);
    } catch (RuntimeException | Error e) {
      // An Error too: nobody else would probe again.
      log.debug("the table is still out of reach", e);
      probeLater(number + 1);
      return;
    }
    log.info("polling goes on: the table of what was handled answers again, at probe {}", number);
    reachable().complete(true);
  }
}
