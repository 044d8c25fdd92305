package io.smartdoor.proof;

import io.smartdoor.faults.Caller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One running process of a service. */
final class Instance {

  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration LOOK_LIMIT = Duration.ofSeconds(2);
  private static final long PAUSE_MILLIS = 50;

  private final Caller caller;
  private final Process process;
  private final URI address;
  private final Path log;
  private final CompletableFuture<Instance> ready = new CompletableFuture<>();
  private volatile boolean stopped;

  private Instance(Caller caller, Process process, URI address, Path log) {
    this.caller = caller;
    this.process = process;
    this.address = address;
    this.log = log;
  }

  /**
   * Starts one; it is ready later.
   *
   * @param builder has its output go to {@code log}
   */
  static Instance start(
      Caller caller, ProcessBuilder builder, URI address, Path log, HttpClient http) {
    try {
      var instance = new Instance(caller, builder.start(), address, log);
      Thread.ofVirtual().start(() -> instance.awaitHealth(http));
      return instance;
    } catch (IOException e) {
      throw new IllegalStateException("%s cannot be started".formatted(caller), e);
    }
  }

  Caller caller() {
    return caller;
  }

  URI address() {
    return address;
  }

  /** Ready to work: started, and neither killed nor stopped since. */
  boolean works() {
    return wasReady() && process.isAlive() && !stopped;
  }

  /** Whether it came up, whatever became of it since. */
  boolean wasReady() {
    return ready.isDone() && !ready.isCompletedExceptionally();
  }

  /** Waits until it is ready. */
  void awaitReady() {
    ready.join();
  }

  /** Kill -9, and waits until it is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * SIGTERM, and waits until it is gone.
   *
   * @return how long it took; empty where it had not ended when the limit had passed, and was
   *     killed
   */
  Optional<Duration> terminate(Duration limit) throws InterruptedException {
    var began = System.nanoTime();
    process.destroy();
    if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      return Optional.of(Duration.ofNanos(System.nanoTime() - began));
    }
    kill();
    return Optional.empty();
  }

  /** Kill -9, without waiting. */
  void end() {
    process.destroyForcibly();
  }

  /** SIGSTOP: it does not even notice. */
  void pause() {
    stopped = true;
    signal("STOP");
  }

  /** SIGCONT. */
  void resume() {
    signal("CONT");
    stopped = false;
  }

  private void signal(String name) {
    try {
      var kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
      if (kill.waitFor() != 0) {
        throw new IllegalStateException("%s cannot be sent SIG%s".formatted(caller, name));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while signalling " + caller, e);
    }
  }

  /** Looks again and again: a process has no way to call back. */
  private void awaitHealth(HttpClient http) {
    // Liveness asks nothing of AWS: no call is made that no event needs.
    var request =
        HttpRequest.newBuilder(address.resolve("/actuator/health/liveness"))
            .timeout(LOOK_LIMIT)
            .build();
    var end = System.nanoTime() + START_LIMIT.toNanos();
    try {
      while (process.isAlive() && System.nanoTime() < end) {
        if (isHealthy(http, request)) {
          ready.complete(this);
          return;
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
      ready.completeExceptionally(
          new IllegalStateException(
              "expected %s to be healthy within %s, found that it %s: see %s"
                  .formatted(
                      caller, START_LIMIT, process.isAlive() ? "is not" : "has ended", log)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      ready.completeExceptionally(e);
    }
  }

  private static boolean isHealthy(HttpClient http, HttpRequest request)
      throws InterruptedException {
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return caller.toString();
  }
}
