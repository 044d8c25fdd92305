package io.smartdoor.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
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

  private record Open(HttpMethod method, PathPattern pattern) {
    boolean matches(HttpMethod method, PathContainer path) {
      return this.method.equals(method) && pattern.matches(path);
    }
  }

  private final List<Open> open;

  OpenEndpoints(List<OpenEndpoint> endpoints) {
    var parser = PathPatternParser.defaultInstance;
    this.open =
        endpoints.stream().map(it -> new Open(it.method(), parser.parse(it.pattern()))).toList();
  }

  /** Whether the request is for one of them. */
  boolean include(HttpServletRequest request) {
    var method = HttpMethod.valueOf(request.getMethod());
    var path = ServletRequestPathUtils.parse(request).pathWithinApplication();
    return open.stream().anyMatch(it -> it.matches(method, path));
  }
}
