package io.smartdoor.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;

/**
 * A problem document (RFC 9457) of type {@code about:blank}: the status says which problem it is.
 *
 * @param title the status in words
 * @param detail what was expected and what was found, in one line
 * @param errors the fields that are wrong; not written where the request as a whole is
 */
record Problem(
    String title,
    int status,
    String detail,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Refusal.FieldError> errors) {

  static final MediaType MEDIA_TYPE = MediaType.APPLICATION_PROBLEM_JSON;

  Problem {
    errors = List.copyOf(errors);
  }

  static Problem of(HttpStatusCode status, String detail) {
    return of(status, detail, List.of());
  }

  static Problem of(HttpStatusCode status, String detail, List<Refusal.FieldError> errors) {
    var known = HttpStatus.resolve(status.value());
    var title = known == null ? "Status " + status.value() : known.getReasonPhrase();
    return new Problem(title, status.value(), detail, errors);
  }
}
