package io.smartdoor.bench;

import java.time.Duration;

/**
 * How fast a backlog is worked off: openings of a door lie on notification's queue, for one
 * recipient. Nothing else runs.
 */
record Draining(int backlog) {

  private static final String SERVICE = "notification";

  /** To send the backlog; the emulator takes some thousands a second. */
  private static final Duration HIDDEN = Duration.ofSeconds(2);

  private static final Duration LOOK = Duration.ofMillis(10);

  Work measure(Site site, Program consumer) throws InterruptedException {
    // Before anything is visible: the consumer is quick.
    var told = site.told(Household.RECIPIENT);
    site.fill(SERVICE, backlog, HIDDEN);
    Patience.until("the backlog becomes visible", LOOK, () -> site.isVisible(SERVICE));
    var cpu = consumer.cpu();
    var began = System.nanoTime();
    Patience.until("the backlog is worked off", LOOK, () -> site.depth(SERVICE) == 0);
    var took = Duration.ofNanos(System.nanoTime() - began);
    demandTold(site.told(Household.RECIPIENT) - told);
    return new Work(backlog, took, consumer.cpu().minus(cpu));
  }

  /** A queue is empty, too, where its messages were put aside, or handled without an effect. */
  private void demandTold(long entries) {
    if (entries != backlog) {
      throw new IllegalStateException(
          "expected %d entries in the inbox, found %d".formatted(backlog, entries));
    }
  }
}
