package io.smartdoor.http;

import java.time.Instant;
import java.time.temporal.Temporal;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/** Says of a JSON body that could not be read which field is wrong and what was expected there. */
final class JsonProblems {

  private JsonProblems() {}

  /**
   * The refusal of the body that failed with {@code failure}: 413 where it is too large, else 400.
   */
  static Refusal refusal(JacksonException failure) {
    var refusal = causeOf(failure, Refusal.class);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    var tooLarge = causeOf(failure, BodyLimitFilter.BodyTooLargeException.class);
    if (tooLarge.isPresent()) {
      return new Refusal(HttpStatus.CONTENT_TOO_LARGE, String.valueOf(tooLarge.get().getMessage()));
    }
    return switch (failure) {
      case UnrecognizedPropertyException _ -> ofField(failure, "is not known");
      case MismatchedInputException e -> ofField(failure, "expected " + kind(e.getTargetType()));
      case ValueInstantiationException e when e.getCause() instanceof IllegalArgumentException ->
          ofField(failure, String.valueOf(e.getCause().getMessage()));
      case StreamReadException e -> new Refusal(HttpStatus.BAD_REQUEST, malformed(e));
      default -> ofField(failure, "cannot be read");
    };
  }

  private static <T extends Throwable> Optional<T> causeOf(Throwable failure, Class<T> type) {
    for (@Nullable Throwable it = failure; it != null; it = it.getCause()) {
      if (type.isInstance(it)) {
        return Optional.of(type.cast(it));
      }
    }
    return Optional.empty();
  }

  private static Refusal ofField(JacksonException failure, String problem) {
    var path = path(failure);
    return path.isEmpty()
        ? new Refusal(HttpStatus.BAD_REQUEST, "the body: " + problem)
        : Refusal.ofField(HttpStatus.BAD_REQUEST, path, problem);
  }

  private static String malformed(StreamReadException failure) {
    var message = String.valueOf(failure.getOriginalMessage());
    var location = failure.getLocation();
    var where =
        location == null
            ? ""
            : " (line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr());
    return message.startsWith("Duplicate ")
        ? "the body names a field twice%s".formatted(where)
        : "the body is not JSON%s".formatted(where);
  }

  /** As a client writes it: {@code credentials[2].store}. */
  private static String path(JacksonException failure) {
    return failure.getPath().stream()
        .map(it ->
            it.getPropertyName() == null
                ? "[%d]".formatted(it.getIndex())
                : "." + it.getPropertyName())
        .collect(Collectors.joining())
        .replaceFirst("^\\.", "");
  }

  private static String kind(@Nullable Class<?> type) {
    if (type == null) {
      return "something else";
    }
    if (type == Instant.class || Temporal.class.isAssignableFrom(type)) {
      return "a time such as 2026-01-31T12:00:00Z (RFC 3339)";
    }
    if (type.isEnum()) {
      return "one of "
          + Arrays.stream(type.getEnumConstants())
              .map(String::valueOf)
              .collect(Collectors.joining(", "));
    }
    if (type == Integer.class || type == int.class || type == Long.class || type == long.class) {
      return "an integer";
    }
    if (Number.class.isAssignableFrom(type) || (type.isPrimitive() && type != boolean.class)) {
      return "a number";
    }
    if (type == Boolean.class || type == boolean.class) {
      return "true or false";
    }
    if (CharSequence.class.isAssignableFrom(type)) {
      return "a string";
    }
    if (Collection.class.isAssignableFrom(type) || type.isArray()) {
      return "an array";
    }
    return Map.class.isAssignableFrom(type) || type.isRecord() ? "an object" : "another type";
  }
}
