package io.smartdoor.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The same three services as they would be without events: lock writes down what a door tells,
 * calls notification, which writes it into the inbox, then calls identification, and only then
 * answers. A test double: nothing of it is part of SmartDoor.
 *
 * <p>It is spared what it could be blamed for: its identification answers at once, and nothing is
 * retried.
 */
final class RequestResponse implements Arrangement, AutoCloseable {

  /** How many requests notification works on at the same time, as a service's pool has it. */
  static final int POOL = 16;

  private final HttpClient http;
  private final RawLock outbox;
  private final RawInbox inbox;
  private final Duration slowness;
  private final HttpServer lock;
  private final HttpServer identification;
  private final int notificationPort;
  private HttpServer notification;
  private volatile boolean slow;

  /**
   * @param slowness by which each write into the inbox takes longer while notification is slow
   */
  RequestResponse(HttpClient http, RawLock outbox, RawInbox inbox, Duration slowness) {
    this.http = http;
    this.outbox = outbox;
    this.inbox = inbox;
    this.slowness = slowness;
    this.lock = server(0);
    this.identification = server(0);
    this.notification = server(0);
    this.notificationPort = notification.getAddress().getPort();
    lock.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    lock.createContext("/v1/doors/", this::report);
    lock.start();
    identification.createContext("/", it -> answer(it, 204));
    identification.start();
    serveNotification();
  }

  @Override
  public URI lock() {
    return address(lock.getAddress().getPort());
  }

  @Override
  public void slowDown() {
    slow = true;
  }

  @Override
  public void speedUp() {
    slow = false;
  }

  @Override
  public void takeDown() {
    notification.stop(0);
  }

  @Override
  public void bringBack() {
    notification = server(notificationPort);
    serveNotification();
  }

  @Override
  public void close() {
    lock.stop(0);
    notification.stop(0);
    identification.stop(0);
  }

  private void serveNotification() {
    notification.setExecutor(Executors.newFixedThreadPool(POOL, Thread.ofVirtual().factory()));
    notification.createContext("/", this::place);
    notification.start();
  }

  private void report(HttpExchange exchange) throws IOException {
    try {
      var event = outbox.accept(exchange);
      var message =
          "{\"detail-type\":\"Door Status\",\"detail\":%s}"
              .formatted(event.detail())
              .getBytes(UTF_8);
      var done =
          call(notificationPort, message) && call(identification.getAddress().getPort(), message);
      answer(exchange, done ? 202 : 502);
    } catch (IOException | RuntimeException _) {
      answer(exchange, 502);
    }
  }

  private boolean call(int port, byte[] message) throws IOException {
    var request =
        HttpRequest.newBuilder(address(port)).POST(BodyPublishers.ofByteArray(message)).build();
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() == 204;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void place(HttpExchange exchange) throws IOException {
    var event = RawEvent.of(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    if (slow) {
      try {
        TimeUnit.NANOSECONDS.sleep(slowness.toNanos());
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
    inbox.place(event);
    answer(exchange, 204);
  }

  private static void answer(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private static URI address(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  private static HttpServer server(int port) {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
