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
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets through who knows the admin token, and everybody to health, the OpenAPI document and the
 * {@link OpenEndpoint}s. All else is a 401, whether the path exists or not.
 */
final class AdminTokenFilter extends OncePerRequestFilter {

  private static final String SCHEME = "Bearer ";

  private static final List<String> OPEN_TO_READ =
      List.of(
          "/actuator/health",
          "/actuator/health/liveness",
          "/actuator/health/readiness",
          "/actuator/health/startup",
          "/v3/api-docs/**");

  private final AdminToken token;
  private final ProblemWriter problems;
  private final OpenEndpoints open;

  AdminTokenFilter(AdminToken token, List<OpenEndpoint> endpoints, ProblemWriter problems) {
    this.token = token;
    this.problems = problems;
    var reads =
        OPEN_TO_READ.stream()
            .flatMap(path ->
                Stream.of(HttpMethod.GET, HttpMethod.HEAD)
                    .map(method -> new OpenEndpoint(method, path)));
    this.open = new OpenEndpoints(Stream.concat(reads, endpoints.stream()).toList());
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    response.setHeader("X-Content-Type-Options", "nosniff");
    if (open.include(request) || isAdmin(request)) {
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

  private boolean isAdmin(HttpServletRequest request) {
    var header = request.getHeader(HttpHeaders.AUTHORIZATION);
    return header != null
        && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && token.matches(header.substring(SCHEME.length()).strip());
  }
}
