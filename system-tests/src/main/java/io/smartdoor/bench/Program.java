package io.smartdoor.bench;

import io.smartdoor.infra.testing.LocalAws;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A process that is measured: a service, or a floor, with the same machine and the same settings.
 */
final class Program implements AutoCloseable {

  /** As the launcher starts services, by infra/jvm/service.options. */
  private static final List<String> JVM =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-XX:+UseCompactObjectHeaders",
          "-Xmx256m");

  /**
   * The load comes from a few doors at one address, which lock-service would slow down. All else is
   * as delivered.
   */
  private static final Map<String, String> UNLIMITED =
      Map.of(
          "SMARTDOOR_LOCK_WEBHOOKS_DOORRATE", "1000000",
          "SMARTDOOR_LOCK_WEBHOOKS_DOORBURST", "1000000",
          "SMARTDOOR_LOCK_WEBHOOKS_UNPROVENRATE", "1000000",
          "SMARTDOOR_LOCK_WEBHOOKS_UNPROVENBURST", "1000000");

  private static final Duration LOOK_LIMIT = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final String name;
  private final Process process;
  private final URI address;
  private final Path log;

  private Program(String name, Process process, URI address, Path log) {
    this.name = name;
    this.process = process;
    this.address = address;
    this.log = log;
  }

  /** What programs are started with. */
  record Starter(Map<String, Path> jars, Path logs, HttpClient http, String adminToken) {

    /** One that is ready for its first request. */
    Program service(String stack, LocalAws aws, URI endpoint) throws InterruptedException {
      var jar = jars.get(stack);
      if (jar == null) {
        throw new IllegalArgumentException("expected a jar of " + stack + ", found " + jars);
      }
      return start(stack, List.of("-jar", jar.toString()), stack, aws, endpoint);
    }

    /** The floor of a service, in its place. */
    Program floor(String stack, LocalAws aws, URI endpoint) throws InterruptedException {
      var classPath = System.getProperty("java.class.path");
      var words =
          List.of(
              "-Dsun.net.httpserver.nodelay=true",
              "-Dslf4j.internal.verbosity=ERROR",
              "-cp",
              classPath,
              Floor.class.getName(),
              stack);
      return start("raw-" + stack, words, stack, aws, endpoint);
    }

    private Program start(String name, List<String> words, String stack, LocalAws aws, URI endpoint)
        throws InterruptedException {
      var command = new ArrayList<String>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(JVM);
      command.addAll(words);
      var port = freePort();
      var log = logs.resolve("%s-%d.log".formatted(name, port));
      var builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      // Spring reads any setting from the environment: those meant for another must not reach it.
      builder.environment().keySet().removeIf(it -> it.matches("(SPRING|SERVER|SMARTDOOR|AWS)_.*"));
      builder.environment().putAll(settings(stack, aws, endpoint, port));
      try {
        var program =
            new Program(name, builder.start(), URI.create("http://127.0.0.1:" + port), log);
        Runtime.getRuntime().addShutdownHook(new Thread(program::close));
        program.awaitHealth(http);
        return program;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /**
     * Where AWS is, what its own stack and the bus's made there, and nothing of other services: it
     * would not start.
     */
    private Map<String, String> settings(String stack, LocalAws aws, URI endpoint, int port) {
      var settings = new LinkedHashMap<>(UNLIMITED);
      settings.putAll(aws.asEnvironment());
      var ofOthers = "SMARTDOOR_(?!BUS_|%s_).*".formatted(stack.toUpperCase(Locale.ROOT));
      settings.keySet().removeIf(it -> it.matches(ofOthers));
      settings.put("AWS_ENDPOINT_URL", endpoint.toString());
      settings.put("AWS_EC2_METADATA_DISABLED", "true");
      settings.put("SERVER_PORT", Integer.toString(port));
      settings.put("SMARTDOOR_ADMIN_TOKEN", adminToken);
      settings.put("SMARTDOOR_LOG_FORMAT", "terminal");
      return settings;
    }
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI address() {
    return address;
  }

  /** User's and system's time of all its threads since it started. */
  Duration cpu() {
    return process
        .info()
        .totalCpuDuration()
        .orElseThrow(() -> new IllegalStateException("%s has ended: see %s".formatted(name, log)));
  }

  private void awaitHealth(HttpClient http) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(address.resolve("/actuator/health/liveness"))
            .timeout(LOOK_LIMIT)
            .build();
    Patience.until(
        "%s is healthy; see %s".formatted(name, log),
        PAUSE,
        () -> {
          if (!process.isAlive()) {
            throw new IllegalStateException("%s has ended: see %s".formatted(name, log));
          }
          return isHealthy(http, request);
        });
  }

  private static boolean isHealthy(HttpClient http, HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Kill -9: what it leaves behind is of no interest, or is what is looked at. */
  @Override
  public void close() {
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
