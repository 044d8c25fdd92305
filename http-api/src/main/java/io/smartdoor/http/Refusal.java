package io.smartdoor.http;

import java.util.List;
import org.springframework.http.HttpStatus;

/**
 * A request is refused, with an answer that says what was expected, what was found and where: it
 * becomes a problem document (RFC 9457, {@code application/problem+json}).
 */
public final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1;

  /**
   * One field that is wrong: its name as the client wrote it ({@code user.store}), and the problem
   * in one line.
   */
  public record FieldError(String field, String problem) {}

  private final HttpStatus status;
  private final transient List<FieldError> errors;

  /** Refuses the whole request. */
  public Refusal(HttpStatus status, String detail) {
    this(status, detail, List.of());
  }

  /** Refuses because of single fields, each named. */
  public Refusal(HttpStatus status, String detail, List<FieldError> errors) {
    super(detail);
    this.status = status;
    this.errors = List.copyOf(errors);
  }

  /** Refuses because of one field. */
  public static Refusal ofField(HttpStatus status, String field, String problem) {
    return new Refusal(
        status, "%s: %s".formatted(field, problem), List.of(new FieldError(field, problem)));
  }

  /** The answer's status. */
  public HttpStatus status() {
    return status;
  }

  /** The fields that are wrong; empty where the request as a whole is. */
  public List<FieldError> errors() {
    return errors;
  }
}
