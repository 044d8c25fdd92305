package io.smartdoor.proof;

import java.time.Duration;
import java.util.Locale;

/**
 * Some trouble at its time.
 *
 * @param at after the begin of the soak
 * @param length zero where it is over at once
 * @param whom a service of ours, or AWS's, or {@code AWS} for all of those
 * @param share of the calls that it strikes, 0 to 1
 * @param seed decides which calls those are
 */
record Disturbance(
    Duration at, Duration length, Trouble trouble, String whom, double share, long seed) {

  /** What has to have struck once at least: the same trouble elsewhere proves nothing here. */
  String kind() {
    return switch (trouble) {
      case THROTTLED, DOWN, KILLED, TERMINATED, PAUSED -> "%s %s".formatted(whom, trouble);
      case BUS_OUTAGE,
          FAILED_BEFORE,
          FAILED_AFTER,
          CUT_BEFORE,
          CUT_AFTER,
          SLOW,
          ENTRIES_FAILED,
          DELIVERED_TWICE,
          COPIED ->
          trouble.toString();
    };
  }

  Duration end() {
    return at.plus(length);
  }

  @Override
  public String toString() {
    var share = this.share < 1 ? String.format(Locale.ROOT, ", %.0f %%", this.share * 100) : "";
    return "%s %s for %s%s".formatted(whom, trouble, Plan.seconds(length), share);
  }
}
