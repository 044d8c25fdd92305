package io.smartdoor.http;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * From a request's fields, any of which may be missing or wrong, to values: what does not fit is a
 * 400 that names it.
 */
public final class RequestFields {

  private RequestFields() {}

  /**
   * What {@code parse} makes of {@code value}.
   *
   * @param parse throws an {@link IllegalArgumentException} that says what was expected
   * @throws Refusal with 400 where the field is missing or {@code parse} refuses it
   */
  public static <S, T> T required(String field, @Nullable S value, Function<S, T> parse) {
    if (value == null) {
      throw Refusal.ofField(HttpStatus.BAD_REQUEST, field, "is missing");
    }
    return parsed(field, value, parse);
  }

  /** As {@link #required}, for a field that may be missing. */
  public static <S, T> Optional<T> optional(String field, @Nullable S value, Function<S, T> parse) {
    return value == null ? Optional.empty() : Optional.of(parsed(field, value, parse));
  }

  private static <S, T> T parsed(String field, S value, Function<S, T> parse) {
    try {
      return parse.apply(value);
    } catch (IllegalArgumentException e) {
      throw Refusal.ofField(HttpStatus.BAD_REQUEST, field, String.valueOf(e.getMessage()));
    }
  }
}
