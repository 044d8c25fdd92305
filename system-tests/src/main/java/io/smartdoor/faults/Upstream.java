package io.smartdoor.faults;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * The server behind the proxy, over connections that are kept for the next request. Waits as long
 * as the server takes: a long poll is no fault.
 *
 * <p>Safe for use by several threads.
 */
final class Upstream implements AutoCloseable {

  /** Shorter than any server's own patience (MiniStack's: 5 s), so none closes under a request. */
  private static final Duration IDLE_AT_MOST = Duration.ofSeconds(1);

  private final InetSocketAddress address;
  private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();

  /**
   * @throws IllegalArgumentException if the address is not one of plain HTTP with a port
   */
  Upstream(URI server) {
    if (!"http".equals(server.getScheme()) || server.getHost() == null || server.getPort() < 0) {
      throw new IllegalArgumentException("expected http://host:port, found " + server);
    }
    this.address = new InetSocketAddress(server.getHost(), server.getPort());
  }

  /**
   * Sends the request and waits for its response.
   *
   * @throws ServerGoneException if there is no answer; the server may have executed the request all
   *     the same
   */
  HttpResponse send(HttpRequest request) throws ServerGoneException {
    try {
      return send(request, connection());
    } catch (IOException e) {
      throw new ServerGoneException(e);
    }
  }

  @Override
  public void close() {
    open.forEach(this::close);
  }

  private HttpResponse send(HttpRequest request, Connection connection) throws IOException {
    try {
      var response = connection.exchange(addressed(request));
      if (connection.isKeptAfter(response, request.isHead())) {
        connection.idleSince = System.nanoTime();
        idle.addFirst(connection);
      } else {
        close(connection);
      }
      return response;
    } catch (IOException | RuntimeException e) {
      close(connection);
      throw e;
    }
  }

  /** Host and port as if asked directly. Bodies must be readable, so none is compressed. */
  private HttpRequest addressed(HttpRequest request) {
    var host = request.headers().first("Host").orElse(address.getHostString());
    var here = host.replaceFirst(":[0-9]+$", "") + ":" + address.getPort();
    return request.withHeaders(request.headers().without("Accept-Encoding").with("Host", here));
  }

  private Connection connection() throws IOException {
    for (var kept = idle.pollFirst(); kept != null; kept = idle.pollFirst()) {
      if (System.nanoTime() - kept.idleSince < IDLE_AT_MOST.toNanos()) {
        return kept;
      }
      close(kept);
    }
    var connection = new Connection(address);
    open.add(connection);
    return connection;
  }

  private void close(Connection connection) {
    open.remove(connection);
    connection.close();
  }

  private static final class Connection {

    private final Socket socket = new Socket();
    private final HttpInput in;
    private final HttpOutput out;
    private volatile long idleSince;

    Connection(InetSocketAddress address) throws IOException {
      try {
        socket.connect(address);
        socket.setTcpNoDelay(true);
        in = new HttpInput(socket.getInputStream());
        out = new HttpOutput(socket.getOutputStream());
      } catch (IOException e) {
        close();
        throw e;
      }
    }

    HttpResponse exchange(HttpRequest request) throws IOException {
      out.write(request);
      return in.response(request.isHead());
    }

    boolean isKeptAfter(HttpResponse response, boolean toHead) {
      var headers = response.headers();
      var endsByItself =
          toHead
              || !response.mayHaveBody()
              || headers.first("Content-Length").isPresent()
              || headers.says("Transfer-Encoding", "chunked");
      return endsByItself && !headers.says("Connection", "close");
    }

    void close() {
      try {
        socket.close();
      } catch (IOException e) {
        // It is gone either way.
      }
    }
  }
}
