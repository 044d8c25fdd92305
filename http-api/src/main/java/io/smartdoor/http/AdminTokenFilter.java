package io.smartdoor.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.PathContainer;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Lets through who knows the admin token, and everybody to health, the OpenAPI document and the
 * {@link OpenEndpoint}s. All else is a 401, whether the path exists or not.
 *
 * <p>Paths are matched by what Spring MVC dispatches by, so that no spelling of a path is open here
 * and leads elsewhere there.
 */
final class AdminTokenFilter extends OncePerRequestFilter {

  private static final String SCHEME = "Bearer ";

  private static final List<String> OPEN_TO_READ =
      List.of(
          "/actuator/health",
          "/actuator/health/liveness",
          "/actuator/health/readiness",
          "/v3/api-docs/**");

  private record Open(HttpMethod method, PathPattern pattern) {
    boolean matches(HttpMethod method, PathContainer path) {
      return this.method.equals(method) && pattern.matches(path);
    }
  }

  private final AdminToken token;
  private final ProblemWriter problems;
  private final List<Open> open;

  AdminTokenFilter(AdminToken token, List<OpenEndpoint> endpoints, ProblemWriter problems) {
    this.token = token;
    this.problems = problems;
    var parser = PathPatternParser.defaultInstance;
    var reads = OPEN_TO_READ.stream().map(parser::parse).toList();
    this.open =
        Stream.of(
                reads.stream().map(pattern -> new Open(HttpMethod.GET, pattern)),
                reads.stream().map(pattern -> new Open(HttpMethod.HEAD, pattern)),
                endpoints.stream().map(it -> new Open(it.method(), parser.parse(it.pattern()))))
            .flatMap(it -> it)
            .toList();
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    response.setHeader("X-Content-Type-Options", "nosniff");
    if (isOpen(request) || isAdmin(request)) {
      chain.doFilter(request, response);
    } else {
      response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
      problems.write(
          response,
          Problem.of(
              HttpStatus.UNAUTHORIZED,
              "expected the admin token, as in \"Authorization: Bearer <token>\""));
    }
  }

  private boolean isOpen(HttpServletRequest request) {
    var method = HttpMethod.valueOf(request.getMethod());
    var path = ServletRequestPathUtils.parse(request).pathWithinApplication();
    return open.stream().anyMatch(it -> it.matches(method, path));
  }

  private boolean isAdmin(HttpServletRequest request) {
    var header = request.getHeader(HttpHeaders.AUTHORIZATION);
    return header != null
        && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && token.matches(header.substring(SCHEME.length()).strip());
  }
}
