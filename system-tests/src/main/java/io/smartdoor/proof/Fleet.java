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
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The services' own processes, several of each. What is killed is replaced at once, while the
 * others go on. Safe for use by several threads.
 */
final class Fleet implements AutoCloseable {

  static final String LOCK = "lock";
  static final List<String> SERVICES = List.of(LOCK, Checker.NOTIFICATION, Checker.IDENTIFICATION);

  private final LocalAws aws;
  private final FaultProxy proxy;
  private final Map<String, String> timing;
  private volatile Map<String, Path> jars;
  private final Path logs;
  private final HttpClient http;
  private final String adminToken;
  private final Map<String, AtomicInteger> started = new LinkedHashMap<>();
  private final List<Instance> instances = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  Fleet(
      LocalAws aws,
      FaultProxy proxy,
      Map<String, String> timing,
      Map<String, Path> jars,
      Path logs,
      HttpClient http,
      String adminToken) {
    this.aws = aws;
    this.proxy = proxy;
    this.timing = Map.copyOf(timing);
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
        var _ = startOne(service);
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
    instances.remove(instance);
    instance.kill();
    if (!closed) {
      var _ = startOne(caller.service());
    }
  }

  /**
   * SIGTERM; another one starts in its place.
   *
   * @return how long it took to end; empty where it had not when the limit had passed, and was
   *     killed
   */
  Optional<Duration> terminate(Caller caller, Duration limit) throws InterruptedException {
    var instance = get(caller);
    instances.remove(instance);
    if (!closed) {
      var _ = startOne(caller.service());
    }
    return instance.terminate(limit);
  }

  /** What starts from now on is made of these: another release. */
  void startFrom(Map<String, Path> release) {
    jars = Map.copyOf(release);
  }

  /**
   * Starts another one, and when that is ready nobody asks the old one any more and it is told to
   * end (SIGTERM): a step of a rolling update.
   *
   * @return how long it took to end; empty where it had not when the limit had passed, and was
   *     killed
   */
  Optional<Duration> replace(Caller caller, Duration limit) throws InterruptedException {
    var instance = get(caller);
    startOne(caller.service()).awaitReady();
    instances.remove(instance);
    return instance.terminate(limit);
  }

  /** Kills all of a service; none starts in their place. */
  void takeDown(String service) throws InterruptedException {
    for (var instance : all(service)) {
      instances.remove(instance);
      instance.kill();
    }
  }

  /** Starts what is missing to so many; they are ready later. */
  void fillUp(String service, int count) {
    for (var i = all(service).size(); i < count && !closed; i++) {
      var _ = startOne(service);
    }
  }

  /**
   * Starts another one for each that has ended without being told to, as whoever runs it would.
   *
   * @return those that had ended
   */
  List<Ended> replaceEnded() {
    var ended = instances.stream().filter(it -> !it.isAlive()).toList();
    for (var instance : ended) {
      if (instances.remove(instance) && !closed) {
        var _ = startOne(instance.caller().service());
      }
    }
    return ended.stream().map(it -> new Ended(it.caller(), it.wasReady())).toList();
  }

  /**
   * An instance that ended without being told to.
   *
   * @param wasReady at some time before: else it never came up, as in the middle of an outage
   */
  record Ended(Caller caller, boolean wasReady) {}

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

  /** Who works at this moment, in the order in which they were started. */
  List<Caller> workers(String service) {
    return working(service).stream().map(Instance::caller).toList();
  }

  private List<Instance> working(String service) {
    return all(service).stream().filter(Instance::works).toList();
  }

  private List<Instance> all(String service) {
    return instances.stream().filter(it -> it.caller().service().equals(service)).toList();
  }

  private Instance startOne(String service) {
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
                "-XX:+UseCompactObjectHeaders",
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
    return instance;
  }

  private AtomicInteger counter(String service) {
    var counter = started.get(service);
    if (counter == null) {
      throw new IllegalArgumentException("expected one of " + SERVICES + ", found " + service);
    }
    return counter;
  }

  /**
   * Where AWS is, what its own stack and the bus's made there, its timing, and nothing of other
   * services: it would not start.
   */
  private Map<String, String> settings(Caller caller, int port) {
    var settings = new LinkedHashMap<>(timing);
    settings.putAll(aws.asEnvironment());
    var subscribers = caller.service().equals(LOCK) ? "" : "MESSAGING_|";
    var ofOthers =
        "SMARTDOOR_(?!BUS_|%s%s_).*"
            .formatted(subscribers, caller.service().toUpperCase(Locale.ROOT));
    settings.keySet().removeIf(it -> it.matches(ofOthers));
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
