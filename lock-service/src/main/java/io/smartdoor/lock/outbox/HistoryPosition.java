package io.smartdoor.lock.outbox;

import io.smartdoor.events.IdempotencyKey;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;

/**
 * A place in a door's history. It names no door: a position taken from one door's list is only ever
 * a moment in another's.
 */
public record HistoryPosition(Instant occurredAt, IdempotencyKey key) {

  /** As wide for every time, so that texts sort as times do. */
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /**
   * The position that a list named {@code cursor}.
   *
   * @throws IllegalArgumentException where no list did
   */
  public static HistoryPosition ofCursor(String cursor) {
    try {
      var position =
          ofSortKey(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII));
      if (position.cursor().equals(cursor)) {
        return position;
      }
    } catch (IllegalArgumentException | DateTimeException | IndexOutOfBoundsException _) {
      // Whatever is wrong with it, there is one thing to do.
    }
    throw new IllegalArgumentException("expected a cursor that a list named as its next");
  }

  /** The position that sorts by {@code text}; throws a RuntimeException where none does. */
  static HistoryPosition ofSortKey(String text) {
    var hash = text.indexOf('#');
    return new HistoryPosition(
        Instant.parse(text.substring(0, hash)), IdempotencyKey.of(text.substring(hash + 1)));
  }

  /** An opaque name for this position, for a URL. */
  public String cursor() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(sortKey().getBytes(StandardCharsets.US_ASCII));
  }

  /** Sorts by time and, within a millisecond, by key. */
  String sortKey() {
    return sortable(occurredAt) + "#" + key;
  }

  /** {@code at} to the millisecond, as wide as any other. */
  static String sortable(Instant at) {
    return MILLIS.format(at);
  }
}
