package io.smartdoor.http;

import java.util.List;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import org.springframework.web.util.DisconnectedClientHelper;
import tools.jackson.core.JacksonException;

/**
 * Turns whatever a request fails with into a problem document. What is the client's doing is
 * explained to it and not logged; what is ours is logged once and not explained.
 */
@RestControllerAdvice
final class ProblemAdvice extends ResponseEntityExceptionHandler {

  static final String UNEXPECTED = "something went wrong here, which the service's log explains";

  private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

  @ExceptionHandler
  ResponseEntity<Object> refused(Refusal refusal) {
    return answer(
        new HttpHeaders(),
        Problem.of(refusal.status(), String.valueOf(refusal.getMessage()), refusal.errors()));
  }

  /** Tomcat throws it at whoever first asks for a parameter. */
  @ExceptionHandler
  ResponseEntity<Object> malformedQuery(InvalidParameterException failure) {
    return refused(
        new Refusal(HttpStatus.BAD_REQUEST, "the query: expected name=value, percent-encoded"));
  }

  @ExceptionHandler
  @Nullable ResponseEntity<Object> unexpected(Exception failure) {
    if (DisconnectedClientHelper.isClientDisconnectedException(failure)) {
      return null;
    }
    return unexpected(new HttpHeaders(), failure);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
      HttpMessageNotReadableException failure,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    return refused(
        failure.getCause() instanceof JacksonException cause
            ? JsonProblems.refusal(cause)
            : new Refusal(HttpStatus.BAD_REQUEST, "expected a JSON object as body"));
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleHttpMessageNotWritable(
      HttpMessageNotWritableException failure,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    return unexpected(failure);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleTypeMismatch(
      TypeMismatchException failure,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    return refused(
        Refusal.ofField(
            HttpStatus.BAD_REQUEST,
            failure instanceof MethodArgumentTypeMismatchException argument
                ? argument.getName()
                : String.valueOf(failure.getPropertyName()),
            expectation(failure)));
  }

  /** Ours says what it expected; a converter of the framework's speaks of Java types. */
  private static String expectation(TypeMismatchException failure) {
    var type = failure.getRequiredType();
    var cause = failure.getMostSpecificCause();
    if (type != null && type.getName().startsWith("io.smartdoor.")) {
      return String.valueOf(cause.getMessage());
    }
    var expected =
        type == null
            ? "another value"
            : type == Integer.class || type == int.class || type == Long.class || type == long.class
                ? "an integer"
                : "a value of another form";
    return "expected %s, found \"%s\"".formatted(expected, failure.getValue());
  }

  /** Everything else that Spring MVC refuses; headers such as {@code Allow} stay. */
  @Override
  protected @Nullable ResponseEntity<Object> handleExceptionInternal(
      Exception failure,
      @Nullable Object body,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    return status.is5xxServerError()
        ? unexpected(headers, failure)
        : answer(headers, problem(failure, status));
  }

  private static Problem problem(Exception failure, HttpStatusCode status) {
    return switch (failure) {
      case NoHandlerFoundException _ -> Problem.of(status, "there is nothing at this path");
      case NoResourceFoundException _ -> Problem.of(status, "there is nothing at this path");
      case HttpRequestMethodNotSupportedException e ->
          Problem.of(
              status, "expected one of the methods in the header Allow, found " + e.getMethod());
      case HttpMediaTypeNotAcceptableException _ ->
          Problem.of(status, "this path answers with application/json only");
      case HttpMediaTypeNotSupportedException e ->
          Problem.of(
              status,
              "Content-Type: expected application/json, found "
                  + (e.getContentType() == null ? "none" : e.getContentType()));
      case MissingServletRequestParameterException e -> missing(status, e.getParameterName());
      case MissingRequestHeaderException e -> missing(status, e.getHeaderName());
      case ErrorResponse e -> Problem.of(status, String.valueOf(e.getBody().getDetail()));
      default -> Problem.of(status, "the request was refused");
    };
  }

  private static Problem missing(HttpStatusCode status, String field) {
    return Problem.of(
        status, field + ": is missing", List.of(new Refusal.FieldError(field, "is missing")));
  }

  private static ResponseEntity<Object> unexpected(HttpHeaders headers, Exception failure) {
    log.error("a request failed", failure);
    return answer(headers, Problem.of(HttpStatus.INTERNAL_SERVER_ERROR, UNEXPECTED));
  }

  private static ResponseEntity<Object> answer(HttpHeaders headers, Problem problem) {
    return ResponseEntity.status(problem.status())
        .headers(headers)
        .contentType(Problem.MEDIA_TYPE)
        .body(problem);
  }
}
