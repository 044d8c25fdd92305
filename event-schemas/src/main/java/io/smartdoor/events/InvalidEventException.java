package io.smartdoor.events;

/**
 * A message is not an event of this system: it is no JSON, or a field is missing or has the wrong
 * type or value.
 */
public final class InvalidEventException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String field;

  InvalidEventException(String field, String problem) {
    super("%s: %s".formatted(field, problem));
    this.field = field;
  }

  /**
   * Which field is wrong, as a path from the envelope's root such as {@code
   * detail.metadata.idempotency-key}.
   */
  public String field() {
    return field;
  }
}
