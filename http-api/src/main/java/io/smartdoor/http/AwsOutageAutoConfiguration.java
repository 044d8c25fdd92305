package io.smartdoor.http;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/**
 * An AWS that is out of reach, failing or throttling is no mistake of the client's: 503, try again.
 */
@AutoConfiguration
@ConditionalOnClass(SdkException.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@Import(AwsOutageAutoConfiguration.AwsOutageAdvice.class)
class AwsOutageAutoConfiguration {

  @RestControllerAdvice
  @Order(Ordered.HIGHEST_PRECEDENCE)
  static final class AwsOutageAdvice {

    private static final Logger log = LoggerFactory.getLogger(AwsOutageAdvice.class);
    private static final String RETRY_AFTER_SECONDS = "5";

    @ExceptionHandler
    ResponseEntity<Problem> failed(SdkException failure) {
      if (isOurs(failure)) {
        log.error("AWS refused what a request needs", failure);
        return answer(HttpStatus.INTERNAL_SERVER_ERROR, ProblemAdvice.UNEXPECTED);
      }
      log.warn("AWS did not do what a request needs: {}", failure.toString());
      return answer(
          HttpStatus.SERVICE_UNAVAILABLE, "not at the moment: try again in a few seconds");
    }

    /** Whether AWS is there and says that the call itself is wrong. */
    private static boolean isOurs(SdkException failure) {
      return failure instanceof SdkServiceException answer
          && answer.statusCode() < 500
          && !answer.isThrottlingException();
    }

    private static ResponseEntity<Problem> answer(HttpStatus status, String detail) {
      var answer = ResponseEntity.status(status).contentType(Problem.MEDIA_TYPE);
      if (status == HttpStatus.SERVICE_UNAVAILABLE) {
        answer.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
      }
      return answer.body(Problem.of(status, detail));
    }
  }
}
