package io.smartdoor.notification.memory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * What was read lately, by key.
 *
 * <p>An event has to be handled by what was so when it was accepted, or later. So a reading serves
 * every event that was accepted before the reading began: it saw all that had been changed by then,
 * on whatever instance. The busier the service, the longer an event has waited, and the more events
 * one reading serves; an event that comes alone is read for alone. Besides, no reading is used for
 * longer than {@link Memory#kept}, so that a change soon counts for events that were accepted long
 * before it, too.
 *
 * <p>Whoever asks while a reading that began late enough is under way waits for it, and shares its
 * failure. Safe for use by several threads.
 */
public final class Readings<K, V> {

  private record Reading<V>(Instant began, CompletableFuture<V> result) {}

  private final Memory memory;
  private final Cache<K, Reading<V>> readings;

  Readings(Memory memory, int most) {
    this.memory = memory;
    this.readings =
        Caffeine.newBuilder()
            .maximumSize(most)
            .expireAfterWrite(memory.kept())
            .ticker(memory.ticker())
            .build();
  }

  /**
   * What {@code read} returns, or returned to somebody else after {@code asOf}. It must see every
   * change that was made before it is called.
   */
  public V asOf(K key, Instant asOf, Supplier<V> read) {
    var last = readings.getIfPresent(key);
    return last != null && last.began.minus(memory.clockDifference()).isAfter(asOf)
        ? resultOf(last)
        : readAnew(key, read);
  }

  /** Lets nobody who asks from now on have what was read of {@code key} before. */
  public void forget(K key) {
    readings.invalidate(key);
  }

  /** Lets nobody who asks from now on have what was read before. */
  public void forgetAll() {
    readings.invalidateAll();
  }

  private V readAnew(K key, Supplier<V> read) {
    var reading = new Reading<>(memory.clock().instant(), new CompletableFuture<V>());
    readings.put(key, reading);
    try {
      var result = read.get();
      reading.result.complete(result);
      return result;
    } catch (RuntimeException | Error e) {
      readings.asMap().remove(key, reading);
      reading.result.completeExceptionally(e);
      throw e;
    }
  }

  private static <V> V resultOf(Reading<V> reading) {
    try {
      return reading.result.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
