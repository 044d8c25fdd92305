package io.smartdoor.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UnsupportedEncodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.util.unit.DataSize;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses a body above the limit: by its declared length, else as soon as that much was read. What
 * an {@link OpenEndpoint} is sent is counted only: whoever is told of a limit is to be told of the
 * endpoint's own, which may be a smaller one, or a larger one.
 */
final class BodyLimitFilter extends OncePerRequestFilter {

  private final DataSize limit;
  private final OpenEndpoints open;
  private final ProblemWriter problems;

  BodyLimitFilter(DataSize limit, List<OpenEndpoint> open, ProblemWriter problems) {
    this.limit = limit;
    this.open = new OpenEndpoints(open);
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (request.getContentLengthLong() > limit.toBytes() && !open.include(request)) {
      problems.write(response, Problem.of(HttpStatus.CONTENT_TOO_LARGE, detail(limit.toBytes())));
    } else {
      var most = Math.max(limit.toBytes(), open.maxBody(request));
      chain.doFilter(new LimitedRequest(request, most), response);
    }
  }

  static String detail(long limit) {
    return "expected a body of at most %d bytes".formatted(limit);
  }

  /** More was sent than is read here. */
  static final class BodyTooLargeException extends IOException {

    private static final long serialVersionUID = 1;

    BodyTooLargeException(long limit) {
      super(detail(limit));
    }
  }

  private static final class LimitedRequest extends HttpServletRequestWrapper {

    /** Jakarta Servlet 6.1, 3.12 "Request data encoding". */
    private static final Charset UNNAMED_ENCODING = StandardCharsets.ISO_8859_1;

    private final long limit;
    private @Nullable ServletInputStream stream;
    private @Nullable BufferedReader reader;

    LimitedRequest(HttpServletRequest request, long limit) {
      super(request);
      this.limit = limit;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      if (stream == null) {
        stream = new LimitedStream(super.getInputStream(), limit);
      }
      return Objects.requireNonNull(stream);
    }

    /** Over the limited stream: the wrapped request would read its own. */
    @Override
    public BufferedReader getReader() throws IOException {
      if (reader == null) {
        reader = new BufferedReader(new InputStreamReader(getInputStream(), encoding()));
      }
      return Objects.requireNonNull(reader);
    }

    private Charset encoding() throws UnsupportedEncodingException {
      var named = getCharacterEncoding();
      try {
        return named == null ? UNNAMED_ENCODING : Charset.forName(named);
      } catch (IllegalArgumentException _) {
        throw new UnsupportedEncodingException(named);
      }
    }
  }

  private static final class LimitedStream extends ServletInputStream {

    private final ServletInputStream stream;
    private final long limit;
    private long read;

    LimitedStream(ServletInputStream stream, long limit) {
      this.stream = stream;
      this.limit = limit;
    }

    @Override
    public int read() throws IOException {
      var next = stream.read();
      count(next < 0 ? 0 : 1);
      return next;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      var count = stream.read(buffer, offset, length);
      count(Math.max(count, 0));
      return count;
    }

    private void count(int bytes) throws IOException {
      read += bytes;
      if (read > limit) {
        throw new BodyTooLargeException(limit);
      }
    }

    @Override
    public boolean isFinished() {
      return stream.isFinished();
    }

    @Override
    public boolean isReady() {
      return stream.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      stream.setReadListener(listener);
    }
  }
}
