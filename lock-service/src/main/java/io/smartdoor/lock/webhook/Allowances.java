package io.smartdoor.lock.webhook;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;

/**
 * The same allowance for each of many. Whoever has not been seen for as long as a full recovery
 * takes is forgotten, which changes nothing for it. Of more than {@value #MOST} at once, some are
 * forgotten sooner and start afresh: memory does not grow with whoever makes up addresses. Safe for
 * use by several threads.
 */
public final class Allowances<K> {

  /** Some 2 MB. */
  static final int MOST = 20_000;

  private final LoadingCache<K, Allowance> allowances;

  /**
   * @param limit of each
   */
  public Allowances(RateLimit limit, Ticker ticker) {
    this.allowances =
        Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterAccess(limit.recovery())
            .ticker(ticker)
            .build(it -> new Allowance(limit, ticker));
  }

  /** As {@link Allowance#take}. */
  public Duration take(K whose) {
    return allowances.get(whose).take();
  }

  /** As {@link Allowance#giveBack}. */
  public void giveBack(K whose) {
    allowances.get(whose).giveBack();
  }

  /** How many are remembered; for tests. */
  long size() {
    allowances.cleanUp();
    return allowances.estimatedSize();
  }
}
