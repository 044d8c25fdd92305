package io.smartdoor.messaging.publishing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smartdoor.events.SmartDoorEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** What fits into one call of PutEvents. */
final class Batches {

  /**
   * PutEventsRequest.Entries holds 1 to 10:
   * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
   */
  static final int MOST_ENTRIES = 10;

  /**
   * "The total entry size must be less than 1MB", read in the stricter way:
   * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
   */
  static final int MOST_BYTES = 1_000_000 - 1;

  /** What an entry's time counts for, by the same page. */
  private static final int TIME_BYTES = 14;

  private Batches() {}

  /** The size of {@code event} as PutEvents counts it, in bytes. */
  static int sizeOf(OutgoingEvent event) {
    return TIME_BYTES
        + bytes(SmartDoorEvent.SOURCE)
        + bytes(event.detailType())
        + bytes(event.detail())
        + event.resources().stream().mapToInt(Batches::bytes).sum();
  }

  /** Splits {@code items} into calls, in order; none of them is larger than a call by itself. */
  static <T> List<List<T>> of(List<T> items, ToIntFunction<T> size) {
    var batches = new ArrayList<List<T>>();
    var batch = new ArrayList<T>();
    var bytes = 0;
    for (var item : items) {
      if (batch.size() == MOST_ENTRIES || bytes + size.applyAsInt(item) > MOST_BYTES) {
        batches.add(batch);
        batch = new ArrayList<>();
        bytes = 0;
      }
      batch.add(item);
      bytes += size.applyAsInt(item);
    }
    if (!batch.isEmpty()) {
      batches.add(batch);
    }
    return batches;
  }

  private static int bytes(String text) {
    return text.getBytes(UTF_8).length;
  }
}
