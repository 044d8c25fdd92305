package io.smartdoor.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Finds the {@link OpenEndpoint} that a request is for.
 *
 * <p>Paths are matched by what Spring MVC dispatches by, so that no spelling of a path is open here
 * and leads elsewhere there.
 */
final class OpenEndpoints {

  private record Open(HttpMethod method, PathPattern pattern, long maxBody) {
    boolean matches(HttpMethod method, PathContainer path) {
      return this.method.equals(method) && pattern.matches(path);
    }
  }

  private final List<Open> open;

  OpenEndpoints(List<OpenEndpoint> endpoints) {
    var parser = PathPatternParser.defaultInstance;
    this.open =
        endpoints.stream()
            .map(it -> new Open(it.method(), parser.parse(it.pattern()), it.maxBody()))
            .toList();
  }

  /** Whether the request is for one of them. */
  boolean include(HttpServletRequest request) {
    return of(request).isPresent();
  }

  /** What the one that the request is for reads of a body at most; 0 where it says nothing. */
  long maxBody(HttpServletRequest request) {
    return of(request).map(Open::maxBody).orElse(0L);
  }

  private Optional<Open> of(HttpServletRequest request) {
    var method = HttpMethod.valueOf(request.getMethod());
    var path = ServletRequestPathUtils.parse(request).pathWithinApplication();
    return open.stream().filter(it -> it.matches(method, path)).findFirst();
  }
}
