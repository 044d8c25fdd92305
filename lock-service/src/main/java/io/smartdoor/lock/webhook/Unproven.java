package io.smartdoor.lock.webhook;

import java.time.Duration;

/** What the place that a request came from may still cost before it has proved anything. */
interface Unproven {

  /** Takes one, or says how long it is until there is one. Zero: it was taken. */
  Duration take();

  /** What was taken for a request that proved to be a door's. */
  void giveBack();
}
