package io.smartdoor.proof;

import io.smartdoor.faults.Caller;
import io.smartdoor.faults.FaultProxy;
import io.smartdoor.infra.testing.LocalAws;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The services' own processes, several of each. What is killed is replaced at once, while the
 * others go on. Safe for use by several threads.
 */
final class Fleet implements AutoCloseable {

  static final String LOCK = "lock";
  static final List<String> SERVICES = List.of(LOCK, Checker.NOTIFICATION, Checker.IDENTIFICATION);

  /**
   * Short, so that what a crash leaves is soon taken up. The lease is shorter than the queues'
   * visibility timeout: when a message is delivered again, its claim has ended. Whether a door was
   * removed is asked every time, so that this call is crashed, too.
   */
  private static final Map<String, String> TIMING =
      Map.of(
          "SMARTDOOR_MESSAGING_LEASE", "2s",
          "SMARTDOOR_MESSAGING_RETRYDELAY", "200ms",
          "SMARTDOOR_MESSAGING_LONGESTRETRYDELAY", "1s",
          "SMARTDOOR_MESSAGING_POLLTIMEOUT", "1s",
          "SMARTDOOR_LOCK_REMEMBEREDDOORS_REMOVALSSEENAFTER", "0s",
          "SMARTDOOR_LOCK_OUTBOX_LEASE", "2s",
          "SMARTDOOR_LOCK_OUTBOX_SWEEPPERIOD", "1s",
          "SMARTDOOR_LOCK_OUTBOX_FIRSTRETRYDELAY", "200ms",
          "SMARTDOOR_LOCK_OUTBOX_LONGESTRETRYDELAY", "1s");

  private final LocalAws aws;
  private final FaultProxy proxy;
  private final Map<String, Path> jars;
  private final Path logs;
  private final HttpClient http;
  private final String adminToken;
  private final Map<String, AtomicInteger> started = new LinkedHashMap<>();
  private final List<Instance> instances = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  Fleet(
      LocalAws aws,
      FaultProxy proxy,
      Map<String, Path> jars,
      Path logs,
      HttpClient http,
      String adminToken) {
    this.aws = aws;
    this.proxy = proxy;
    this.jars = Map.copyOf(jars);
    this.logs = logs;
    this.http = http;
    this.adminToken = adminToken;
    SERVICES.forEach(it -> started.put(it, new AtomicInteger()));
    // However this program ends, they end with it.
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
  }

  /** Starts so many of each service and waits until they are ready. */
  void start(Map<String, Integer> counts) {
    counts.forEach((service, count) -> {
      for (var i = 0; i < count; i++) {
        startOne(service);
      }
    });
    instances.forEach(Instance::awaitReady);
  }

  /** Addresses of those that work at this moment; never empty for long. */
  List<URI> addressesOf(String service) {
    return working(service).stream().map(Instance::address).toList();
  }

  Instance get(Caller caller) {
    return instances.stream()
        .filter(it -> it.caller().equals(caller))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(caller + " does not run"));
  }

  /** Kill -9; another one starts in its place. */
  void kill(Caller caller) throws InterruptedException {
    var instance = get(caller);
    instance.kill();
    instances.remove(instance);
    if (!closed) {
      startOne(caller.service());
    }
  }

  /** Waits until at least so many of a service work. */
  void await(String service, int count) {
    while (working(service).size() < count) {
      instances.stream()
          .filter(it -> it.caller().service().equals(service) && !it.works())
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("too few instances of " + service))
          .awaitReady();
    }
  }

  private List<Instance> working(String service) {
    return instances.stream()
        .filter(it -> it.caller().service().equals(service) && it.works())
        .toList();
  }

  private void startOne(String service) {
    var caller = new Caller(service, counter(service).incrementAndGet());
    var port = freePort();
    var log = logs.resolve(caller + ".log");
    var jar = jars.get(service);
    if (jar == null) {
      throw new IllegalArgumentException("expected a jar of " + service + ", found " + jars);
    }
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-jar",
                jar.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    var environment = builder.environment();
    // Spring reads any setting from the environment: those meant for another must not reach it.
    environment.keySet().removeIf(it -> it.matches("(SPRING|SERVER|SMARTDOOR|AWS)_.*"));
    environment.putAll(settings(caller, port));
    var instance =
        Instance.start(caller, builder, URI.create("http://127.0.0.1:" + port), log, http);
    instances.add(instance);
    if (closed) { // meanwhile: whoever closed may have overlooked it
      instance.end();
    }
  }

  private AtomicInteger counter(String service) {
    var counter = started.get(service);
    if (counter == null) {
      throw new IllegalArgumentException("expected one of " + SERVICES + ", found " + service);
    }
    return counter;
  }

  /** Where AWS is, what its own stack and the bus's made there, and nothing of other services. */
  private Map<String, String> settings(Caller caller, int port) {
    var settings = new LinkedHashMap<>(TIMING);
    var own = "SMARTDOOR_%s_".formatted(caller.service().toUpperCase(Locale.ROOT));
    aws.asEnvironment()
        .forEach((name, value) -> {
          if (name.startsWith("AWS_")
              || name.startsWith("SMARTDOOR_BUS_")
              || name.startsWith(own)) {
            settings.put(name, value);
          }
        });
    settings.put("AWS_ENDPOINT_URL", proxy.endpointFor(caller).toString());
    settings.put("AWS_EC2_METADATA_DISABLED", "true");
    settings.put("SERVER_PORT", Integer.toString(port));
    settings.put("SMARTDOOR_ADMIN_TOKEN", adminToken);
    settings.put("SMARTDOOR_LOG_FORMAT", "terminal");
    return settings;
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends all of them by force: what they leave behind is of no interest any more. */
  @Override
  public void close() {
    closed = true;
    instances.forEach(Instance::end);
  }
}
