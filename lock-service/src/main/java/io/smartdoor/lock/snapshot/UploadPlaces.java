package io.smartdoor.lock.snapshot;

import io.smartdoor.lock.webhook.Source;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Room for pictures that are being read: each may hold a whole body, so there are few, and at most
 * half of them for one address. One too many is not kept waiting. Safe for use by several threads.
 */
final class UploadPlaces {

  private final Semaphore places;
  private final int mostOfOne;
  private final Map<Source, Integer> taken = new ConcurrentHashMap<>();

  /**
   * @param most 1 or more
   */
  UploadPlaces(int most) {
    this.places = new Semaphore(most);
    this.mostOfOne = Math.ceilDiv(most, 2);
  }

  /** What {@code work} comes to; empty, and nothing done, where there is no room. */
  <T> Optional<T> work(Source source, Supplier<T> work) {
    try {
      if (taken.merge(source, 1, Integer::sum) > mostOfOne || !places.tryAcquire()) {
        return Optional.empty();
      }
      try {
        return Optional.of(work.get());
      } finally {
        places.release();
      }
    } finally {
      taken.merge(source, -1, Integer::sum);
      taken.remove(source, 0); // only if nothing was taken meanwhile
    }
  }
}
