package io.smartdoor.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Stands between services and AWS, knows which AWS operation each request is, writes down all of
 * them, and disturbs those that a {@link Rule} names. Each caller has a port of its own, so that
 * the proxy knows who calls.
 *
 * <pre>{@code
 * try (var proxy = FaultProxy.to(aws.endpoint())) {
 *   start("lock", Map.of("AWS_ENDPOINT_URL", proxy.endpointFor(Caller.of("lock")).toString()));
 *   var rule = proxy.inject(new Throttle(), Match.of(PUT_EVENTS).by("lock"), Times.first(3));
 *   …
 *   assertThat(rule.fired()).isEqualTo(3);
 * }
 * }</pre>
 *
 * <p>Without rules it is transparent, but for bodies that are passed on whole, not as they come,
 * and never compressed. Rules are asked in the order of their making; one that answers or cuts is
 * the last. Whatever speaks plain HTTP/1.1 can stand behind it, an emulator or a service of our own
 * (whose operations are then named by method and path); signatures pass unchanged, so a server that
 * checks them refuses what a fault has altered. A caller that goes away does not call back what it
 * has asked for. Calls that AWS makes within itself do not come this way.
 *
 * <p>Safe for use by several threads.
 */
public final class FaultProxy implements AutoCloseable {

  private static final Duration END_LIMIT = Duration.ofSeconds(10);

  private final Clock clock;
  private final Upstream upstream;
  private final Aws aws;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<Caller, Listener> listeners = new ConcurrentHashMap<>();
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final List<Match> idle = new CopyOnWriteArrayList<>();
  private final List<Consumer<AwsCall>> watchers = new CopyOnWriteArrayList<>();
  private final Redeliveries redeliveries = new Redeliveries();
  private final CallLog calls = new CallLog();
  private final AtomicLong sequence = new AtomicLong();
  private final AtomicLong connections = new AtomicLong();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  private FaultProxy(URI server, Clock clock) {
    this.clock = clock;
    this.upstream = new Upstream(server);
    this.aws = new Aws(upstream);
    treatAsIdle(
        Match.of(AwsOperation.RECEIVE_MESSAGE)
            .answered("empty", it -> it.succeeded() && Messages.in(it).isEmpty()));
  }

  /**
   * A proxy to the server at this address.
   *
   * @throws IllegalArgumentException if it is not one of plain HTTP with a port
   */
  public static FaultProxy to(URI server) {
    return to(server, Clock.systemUTC());
  }

  /**
   * A proxy with a clock of the test's own.
   *
   * @param clock gives the times in the log
   */
  public static FaultProxy to(URI server, Clock clock) {
    return new FaultProxy(server, clock);
  }

  /** Where AWS is for this caller; the same for as long as the proxy lives. */
  public URI endpointFor(Caller caller) {
    return listeners.computeIfAbsent(caller, this::listener).address();
  }

  /**
   * Makes a rule, at work from now on.
   *
   * @throws IllegalArgumentException if the match looks at the answer and the fault strikes before
   *     there is one
   */
  public Rule inject(Fault fault, Match match, Times times) {
    var rule = new Rule(fault, match, times);
    rules.add(rule);
    return rule;
  }

  /** Calls that the log is to treat as idle polls, besides receives that bring no message. */
  public void treatAsIdle(Match match) {
    idle.add(match);
  }

  /**
   * Tells of each call from now on as its caller made it, before any rule is asked; a call waits
   * until it was told of.
   */
  public void watch(Consumer<AwsCall> watcher) {
    watchers.add(watcher);
  }

  public CallLog calls() {
    return calls;
  }

  /**
   * Ends all connections, those of paused calls included.
   *
   * @throws IllegalStateException if an action of a test failed in the middle of a call, or the
   *     proxy did: what was seen since then proves nothing
   */
  @Override
  public void close() {
    closed = true;
    listeners.values().forEach(Listener::close);
    upstream.close();
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        failures.add(new IllegalStateException("calls went on for " + END_LIMIT));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!failures.isEmpty()) {
      var failure = new IllegalStateException("calls failed within the proxy: " + failures);
      failures.forEach(failure::addSuppressed);
      throw failure;
    }
  }

  /** Carries one call out, and writes it down; empty where the caller's connection is to be cut. */
  Optional<AwsAnswer> carryOut(AwsCall call, long connection) {
    var number = sequence.incrementAndGet();
    var started = clock.instant();
    var exchange = new Exchange(rules, aws, redeliveries);
    var answer = answer(exchange, call);
    var status = answer.isPresent() ? OptionalInt.of(answer.get().status()) : OptionalInt.empty();
    calls.add(
        new RecordedCall(
            number,
            connection,
            call.caller(),
            call.operation(),
            call.resource(),
            call.index(),
            status,
            exchange.awsStatus(),
            answer.isPresent() && isIdle(call, answer.get()),
            exchange.struck(),
            started,
            clock.instant()));
    return answer;
  }

  private Optional<AwsAnswer> answer(Exchange exchange, AwsCall call) {
    try {
      watchers.forEach(it -> it.accept(call));
      return exchange.carryOut(call);
    } catch (ServerGoneException e) {
      return Optional.empty(); // as if asked directly: its connection is gone
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (Throwable e) { // a test's own assertion, too
      if (!closed) {
        failures.add(e);
      }
      return Optional.empty();
    }
  }

  private boolean isIdle(AwsCall call, AwsAnswer answer) {
    return idle.stream().anyMatch(it -> it.test(call, answer));
  }

  private Listener listener(Caller caller) {
    try {
      return new Listener(
          threads,
          socket ->
              new ClientConnection(this, caller, connections.incrementAndGet(), socket).serve());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
