package io.smartdoor.http;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** How many items a page of a list holds: 1 to {@value #MAX}. */
public record PageLimit(int value) {

  public static final int DEFAULT = 20;
  public static final int MAX = 100;

  public PageLimit {
    if (value < 1 || value > MAX) {
      throw Refusal.ofField(
          HttpStatus.BAD_REQUEST, "limit", "expected 1 to %d, found %d".formatted(MAX, value));
    }
  }

  /** The limit that a request names, else {@value #DEFAULT}. */
  public static PageLimit of(@Nullable Integer limit) {
    return new PageLimit(limit == null ? DEFAULT : limit);
  }
}
