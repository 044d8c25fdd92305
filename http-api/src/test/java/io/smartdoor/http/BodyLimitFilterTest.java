package io.smartdoor.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.smartdoor.http.BodyLimitFilter.BodyTooLargeException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletRequest;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

class BodyLimitFilterTest {

  private static final String ALLOWED = "ä".repeat(8);

  private final BodyLimitFilter filter =
      new BodyLimitFilter(
          DataSize.ofBytes(16),
          List.of(
              new OpenEndpoint(HttpMethod.POST, "/v1/things/{id}/events"),
              new OpenEndpoint(HttpMethod.PUT, "/v1/things/{id}/picture", 32)),
          new ProblemWriter(new JsonMapper()));

  @Test
  void readsABodyWithinTheLimitAsTextInItsOwnEncoding() throws Exception {
    assertThat(text(ALLOWED, StandardCharsets.UTF_8)).isEqualTo(ALLOWED);
    assertThat(text(ALLOWED, null))
        .isEqualTo(
            new String(ALLOWED.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
  }

  @Test
  void readsNoMoreThanTheLimitHoweverItIsRead() {
    for (FilterChain reading :
        new FilterChain[] {
          (request, response) -> request.getInputStream().readAllBytes(),
          (request, response) -> request.getReader().readLine(),
          (request, response) -> request.getReader().read(new char[100])
        }) {
      assertThatExceptionOfType(BodyTooLargeException.class)
          .isThrownBy(() ->
              filter.doFilter(
                  request(ALLOWED + "x", StandardCharsets.UTF_8),
                  new MockHttpServletResponse(),
                  reading));
    }
  }

  @Test
  void leavesItToAnOpenEndpointToRefuseALengthThatIsTooLarge() throws Exception {
    for (var path : List.of("/v1/things/1/events", "/v1/things")) {
      var request = new MockHttpServletRequest("POST", path);
      request.setContent((ALLOWED + "x").getBytes(StandardCharsets.UTF_8));
      var response = new MockHttpServletResponse();
      var chain = new MockFilterChain();

      filter.doFilter(request, response, chain);

      var isOpen = path.endsWith("/events");
      assertThat(response.getStatus()).isEqualTo(isOpen ? 200 : 413);
      assertThat(chain.getRequest() != null).isEqualTo(isOpen);
    }
  }

  @Test
  void readsAsMuchAsAnEndpointSaysThatItReads() throws Exception {
    var read = new ArrayList<Integer>();
    for (var length : List.of(32, 33)) {
      var request = new MockHttpServletRequest("PUT", "/v1/things/1/picture");
      request.setContent(new byte[length]);
      FilterChain reading = (it, _) -> read.add(it.getInputStream().readAllBytes().length);

      if (length == 32) {
        filter.doFilter(request, new MockHttpServletResponse(), reading);
      } else {
        assertThatExceptionOfType(BodyTooLargeException.class)
            .isThrownBy(() -> filter.doFilter(request, new MockHttpServletResponse(), reading));
      }
    }
    assertThat(read).containsExactly(32);
  }

  private String text(String body, @Nullable Charset encoding) throws Exception {
    var text = new StringBuilder();
    filter.doFilter(
        request(body, encoding),
        new MockHttpServletResponse(),
        (request, response) -> text.append(readAll(request)));
    return text.toString();
  }

  private static String readAll(ServletRequest request) throws IOException {
    return request.getReader().readAllAsString();
  }

  /** Its length is not declared: that it is too long shows only in reading it. */
  private static MockHttpServletRequest request(String body, @Nullable Charset encoding) {
    var request =
        new MockHttpServletRequest("POST", "/") {
          @Override
          public int getContentLength() {
            return -1;
          }

          @Override
          public long getContentLengthLong() {
            return -1;
          }
        };
    request.setContent(body.getBytes(StandardCharsets.UTF_8));
    if (encoding != null) {
      request.setCharacterEncoding(encoding);
    }
    return request;
  }
}
