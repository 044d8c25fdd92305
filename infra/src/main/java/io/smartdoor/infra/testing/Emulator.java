package io.smartdoor.infra.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The one emulator of this JVM, or the one that the environment names. */
final class Emulator {

  private static final String ANNOUNCEMENT = "endpoint ";

  /** It starts within a second; the very first time, it is installed too. */
  private static final Duration START_LIMIT = Duration.ofMinutes(3);

  private static @Nullable URI running;

  private Emulator() {}

  /** Where AWS is, for this JVM; starts an emulator at the first call if need be. */
  static synchronized URI endpoint() {
    // Not in a class's initialiser: the thread that reads what the emulator says would wait for
    // that.
    if (running == null) {
      var given = System.getenv("AWS_ENDPOINT_URL");
      running =
          given != null && !given.isBlank()
              ? onThisMachine(given)
              : LocalStack.isWanted() ? onThisMachine(LocalStack.start().toString()) : start();
    }
    return running;
  }

  /**
   * Tests create and delete, so the only AWS they may use is one that nobody else pays for.
   *
   * @throws IllegalArgumentException if the host is not this machine; a name other than localhost
   *     is not looked up, since an answer can change
   */
  static URI onThisMachine(String endpoint) {
    var uri = URI.create(endpoint);
    if (!isLoopback(uri)) {
      throw new IllegalArgumentException(
          "expected AWS_ENDPOINT_URL to be a loopback address (http://127.0.0.1:4566), found "
              + endpoint);
    }
    return uri;
  }

  private static boolean isLoopback(URI uri) {
    var host = uri.getHost();
    if (host == null) {
      return false;
    }
    if (host.equals("localhost")) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The emulator ends when its standard input closes, and so with this JVM, however it ends. */
  private static URI start() {
    try {
      var errors = Launcher.temporaryFile("err");
      var process = Launcher.command(List.of("emulator")).redirectError(errors).start();
      var endpoint = new CompletableFuture<URI>();
      Thread.ofPlatform().daemon().name("emulator-output").start(() -> read(process, endpoint));
      try {
        return endpoint.get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException | TimeoutException e) {
        process.destroy();
        throw new IllegalStateException(
            "expected smartdoor emulator to say where it listens within %s, found: %s"
                .formatted(START_LIMIT, Files.readString(errors.toPath())),
            e);
      } catch (InterruptedException e) {
        process.destroy();
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while the emulator started", e);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads on after the announcement: a full pipe would stop the emulator. */
  private static void read(Process process, CompletableFuture<URI> endpoint) {
    try (var lines = process.inputReader()) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(ANNOUNCEMENT)) {
          endpoint.complete(URI.create(line.substring(ANNOUNCEMENT.length()).strip()));
        }
      }
      endpoint.completeExceptionally(new IllegalStateException("it ended without saying"));
    } catch (IOException e) {
      endpoint.completeExceptionally(e);
    }
  }
}
