package io.smartdoor.messaging.consuming;

import java.time.Duration;
import java.util.List;

/** Where a subscription's messages come from. */
@FunctionalInterface
interface Polls {

  /**
   * Up to {@code most} messages, each now hidden from others; none where there is none within
   * {@code wait}.
   *
   * @param most from 1 to 10
   */
  List<Delivery> poll(int most, Duration wait);
}
