package io.smartdoor.events;

/**
 * A message is not an event of this system: it is no JSON, or a field is missing or has the wrong
 * type or value.
 */
public final class InvalidEventException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String field;
  private final String problem;

  InvalidEventException(String field, String problem) {
    this(field, problem, "");
  }

  /**
   * A problem that is only understood by what stands in the event.
   *
   * @param quoting the rest of the message, which quotes the event
   */
  InvalidEventException(String field, String problem, String quoting) {
    super("%s: %s%s".formatted(field, problem, quoting));
    this.field = field;
    this.problem = problem;
  }

  /**
   * Which field is wrong, as a path from the envelope's root such as {@code
   * detail.metadata.idempotency-key}.
   */
  public String field() {
    return field;
  }

  /**
   * Which field is wrong, and what was expected of it: the message without what it quotes of the
   * event, which may be personal. One line, fit for a log.
   */
  public String withoutContent() {
    return "%s: %s".formatted(field, problem);
  }
}
