package io.smartdoor.http;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** How many items a page of a list holds: 1 to {@value #MAX}. */
public record PageLimit(int value) {

  public static final int DEFAULT = 20;
  public static final int MAX = 100;

  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,9}");

  public PageLimit {
    if (value < 1 || value > MAX) {
      throw Refusal.ofField(
          HttpStatus.BAD_REQUEST, "limit", "expected 1 to %d, found %d".formatted(MAX, value));
    }
  }

  /**
   * The limit that a request names, else {@value #DEFAULT}.
   *
   * @param limit as text: of a number, Spring takes nothing for none, and the first of several
   * @throws Refusal with 400 where it is no number in the range
   */
  public static PageLimit of(@Nullable String limit) {
    if (limit == null) {
      return new PageLimit(DEFAULT);
    }
    if (!NUMBER.matcher(limit).matches()) {
      throw Refusal.ofField(
          HttpStatus.BAD_REQUEST, "limit", "expected an integer from 1 to %d".formatted(MAX));
    }
    return new PageLimit(Integer.parseInt(limit));
  }
}
