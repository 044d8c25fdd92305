package io.smartdoor.faults;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * Where paused calls wait until the test lets them go on; once open, it stays so.
 *
 * <p>Safe for use by several threads.
 */
public final class Gate {

  private final CountDownLatch opened = new CountDownLatch(1);
  private final Tally arrivals = new Tally();

  /** Lets go on whoever waits, and whoever comes. */
  public void open() {
    opened.countDown();
  }

  /**
   * Waits until so many calls have arrived, since the beginning.
   *
   * @throws AssertionError if there are fewer when the limit has passed
   */
  public void awaitArrivals(int calls, Duration limit) throws InterruptedException {
    arrivals.await(calls, limit, () -> "calls that arrived at the gate");
  }

  /** Waits here until it is open. */
  public void pass() throws InterruptedException {
    arrivals.add();
    opened.await();
  }
}
