package io.smartdoor.http;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Where the container leads what failed outside of a controller: a problem, never a page. */
@Hidden
@RestController
final class ProblemErrorController implements ErrorController {

  @RequestMapping("${spring.web.error.path:/error}")
  ResponseEntity<Problem> error(HttpServletRequest request) {
    var found =
        request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
            ? HttpStatus.resolve(code)
            : HttpStatus.NOT_FOUND;
    var status = found == null ? HttpStatus.INTERNAL_SERVER_ERROR : found;
    return ResponseEntity.status(status)
        .contentType(Problem.MEDIA_TYPE)
        .body(Problem.of(status, detail(status)));
  }

  static String detail(HttpStatus status) {
    return switch (status) {
      case NOT_FOUND -> "there is nothing at this path";
      case BAD_REQUEST -> "this is not a request that HTTP allows";
      default ->
          status.is5xxServerError()
              ? ProblemAdvice.UNEXPECTED
              : "the request was refused before it was read";
    };
  }
}
