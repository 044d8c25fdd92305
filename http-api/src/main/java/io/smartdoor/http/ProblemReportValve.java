package io.smartdoor.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Answers with a problem what Tomcat refuses before any application sees it: a path that is no
 * path, say.
 */
final class ProblemReportValve extends ErrorReportValve {

  private final ProblemWriter problems;

  ProblemReportValve(ProblemWriter problems) {
    this.problems = problems;
  }

  @Override
  protected void report(Request request, Response response, @Nullable Throwable failure) {
    var status = HttpStatus.resolve(response.getStatus());
    if (status == null
        || !status.isError()
        || response.getContentWritten() > 0
        || !response.setErrorReported()) {
      return;
    }
    try {
      problems.write(
          response.getResponse(), Problem.of(status, ProblemErrorController.detail(status)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
