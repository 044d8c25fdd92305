package io.smartdoor.bench;

import java.time.Duration;
import java.util.List;

/**
 * How fast webhooks are accepted, while what was accepted is published: doors tell of openings as
 * fast as they are answered. The events lie on a queue that nobody reads.
 */
record Accepting(Load load, List<Door> doors, int webhooks) {

  private static final String SUBSCRIBER = "notification";
  private static final Duration LOOK = Duration.ofMillis(10);

  /** For the last marks in the outbox, after the last event is on the bus. */
  private static final Duration REST = Duration.ofMillis(250);

  /**
   * @param published until the last was on the bus
   */
  record Result(Work accepted, Work published) {

    /** Both, one after the other. */
    Result plus(Result next) {
      return new Result(accepted.plus(next.accepted), published.plus(next.published));
    }
  }

  Result measure(Site site, Program lock) throws InterruptedException {
    site.purge(SUBSCRIBER);
    var cpu = lock.cpu();
    var began = System.nanoTime();
    load.asFastAsPossible(lock.address(), doors, webhooks, Opening.Who.SOMEBODY);
    var accepted = Duration.ofNanos(System.nanoTime() - began);
    Patience.until("all are published", LOOK, () -> site.depth(SUBSCRIBER) >= webhooks);
    var published = Duration.ofNanos(System.nanoTime() - began);
    Thread.sleep(REST);
    var used = lock.cpu().minus(cpu);
    return new Result(new Work(webhooks, accepted, used), new Work(webhooks, published, used));
  }
}
