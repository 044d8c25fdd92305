package io.smartdoor.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;

/** The port of one caller, on the loopback address; each of its connections has its own thread. */
final class Listener implements AutoCloseable {

  private static final int BACKLOG = 1024;

  /** Serves a connection until it ends. */
  @FunctionalInterface
  interface Server {
    void serve(Socket connection) throws IOException;
  }

  private final ServerSocket port = new ServerSocket();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads;
  private final Server server;

  Listener(ExecutorService threads, Server server) throws IOException {
    this.threads = threads;
    this.server = server;
    port.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), BACKLOG);
    threads.execute(this::listen);
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + port.getLocalPort());
  }

  /** Ends the port and all its connections. */
  @Override
  public void close() {
    try {
      port.close();
      for (var connection : open) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void listen() {
    while (!port.isClosed()) {
      try {
        var connection = port.accept();
        open.add(connection);
        threads.execute(() -> serve(connection));
      } catch (IOException | RejectedExecutionException e) {
        // Closed; or a connection that was gone before it was accepted.
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      server.serve(connection);
    } catch (IOException e) {
      // The caller has gone, or speaks no HTTP: an ended connection says all there is to say.
    } finally {
      open.remove(connection);
    }
  }
}
