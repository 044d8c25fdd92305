package io.smartdoor.proof;

import static io.smartdoor.faults.AwsOperation.PUT_EVENTS;
import static io.smartdoor.faults.AwsOperation.RECEIVE_MESSAGE;

import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.faults.AwsAnswer;
import io.smartdoor.faults.AwsService;
import io.smartdoor.faults.CallName;
import io.smartdoor.faults.Fault.AlterAnswer;
import io.smartdoor.faults.Fault.FailEntries;
import io.smartdoor.faults.Fault.Refuse;
import io.smartdoor.faults.Fault.RunAfter;
import io.smartdoor.faults.Match;
import io.smartdoor.faults.RecordedCall;
import io.smartdoor.faults.Rule;
import io.smartdoor.faults.Then;
import io.smartdoor.faults.Times;
import io.smartdoor.proof.Plan.Dose;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * One thing that goes wrong, and is made good by calls that are made then only: at those something
 * else goes wrong. Which calls they are, is learnt by watching.
 */
enum Recovery {
  /** All rounds of the publisher: the event goes back to the outbox, for the sweeper. */
  NOT_PUBLISHED("the bus has not taken an event", Fleet.LOCK) {
    @Override
    Trigger arm(Stage stage) {
      return Trigger.of(
          stage
              .proxy()
              .inject(
                  new FailEntries(Set.of(0), "InternalFailure", "made to fail by the fault proxy"),
                  Match.of(PUT_EVENTS).by(Fleet.LOCK),
                  Times.first(ROUNDS)));
    }
  },

  /** The event is stored, and whoever was to publish it is gone. */
  NOBODY_PUBLISHES("an instance was killed when it had stored an event", Fleet.LOCK) {
    @Override
    Trigger arm(Stage stage) {
      return Trigger.of(
          stage
              .proxy()
              .inject(
                  // Not cut: what is counted afterwards counts this one, too.
                  new RunAfter((call, _) -> stage.fleet().kill(call.caller()), Then.CONTINUE),
                  Match.of(AwsService.DYNAMODB, "PutItem").by(Fleet.LOCK).succeeding(),
                  Times.once()));
    }
  },

  /** DynamoDB does not do what the handler needs: the claim is released, as if never made. */
  RETRIED("a handler asks to be called again", Checker.NOTIFICATION) {
    @Override
    Trigger arm(Stage stage) {
      var handled = stage.nameOf("HandledTable");
      return Trigger.of(
          stage
              .proxy()
              .inject(
                  new Refuse(),
                  Match.of(AwsService.DYNAMODB)
                      .by(Checker.NOTIFICATION)
                      .where("on no claim", it -> !it.resources().contains(handled)),
                  Times.once()));
    }
  },

  /** The handler breaks when its effect is there: released too, and the attempt counts. */
  HANDLER_FAILED("a handler has failed", Checker.NOTIFICATION) {
    @Override
    Trigger arm(Stage stage) {
      return Trigger.of(
          stage
              .proxy()
              .inject(
                  new AlterAnswer(Recovery::cancelled),
                  Match.of(AwsService.DYNAMODB, "TransactWriteItems")
                      .by(Checker.NOTIFICATION)
                      .succeeding(),
                  Times.once()));
    }
  },

  /** It is put among the dead letters. */
  NOT_DECODABLE("a message cannot be decoded", Checker.NOTIFICATION) {
    @Override
    boolean isOfAnEvent() {
      return false;
    }

    @Override
    void begin(Stage stage, IdempotencyKey key, Optional<String> message) {
      stage
          .poisoner()
          .give(
              new Dose(Duration.ZERO, Poison.NOT_JSON, Poison.Way.NOTIFICATION_QUEUE, key.value()));
    }
  },

  /** The claim says so, and it is only acknowledged. */
  DELIVERED_AGAIN("an event is delivered that was handled before", Checker.NOTIFICATION) {
    @Override
    boolean isOfAnEvent() {
      return false;
    }

    @Override
    Optional<String> prepare(Stage stage, IdempotencyKey key) throws InterruptedException {
      var received = new AtomicReference<>(Optional.<String>empty());
      var watch =
          stage
              .proxy()
              .inject(
                  new RunAfter((_, it) -> received.set(bodyIn(it)), Then.CONTINUE),
                  Match.of(RECEIVE_MESSAGE).by(Checker.NOTIFICATION).delivering(),
                  Times.once());
      try {
        stage.report(key, Opening.BY_HAND);
        stage.settle(Stage.LIMIT);
        return received.get();
      } finally {
        watch.off();
      }
    }

    @Override
    void begin(Stage stage, IdempotencyKey key, Optional<String> message) {
      stage
          .poisoner()
          .send(
              message.orElseThrow(() -> new IllegalStateException("no message was received")),
              Checker.NOTIFICATION);
    }
  };

  /** So often a publisher tries before it gives an event back. */
  private static final int ROUNDS = 3;

  private static final int PLAIN_RUNS = 2;

  /** Instances that sweep at once may meet, and then one of them makes a call in vain. */
  private static final int RUNS = 4;

  private final String label;
  private final String service;

  Recovery(String label, String service) {
    this.label = label;
    this.service = service;
  }

  /**
   * What goes wrong by the proxy, if anything.
   *
   * @param rule that strikes
   */
  record Trigger(Optional<Rule> rule) implements AutoCloseable {

    static Trigger of(Rule rule) {
      return new Trigger(Optional.of(rule));
    }

    boolean struck() {
      return rule.isEmpty() || rule.get().fired() > 0;
    }

    @Override
    public void close() {
      rule.ifPresent(Rule::off);
    }
  }

  Trigger arm(Stage stage) {
    return new Trigger(Optional.empty());
  }

  /** Whether a door's event passes meanwhile, with the calls that it always takes. */
  boolean isOfAnEvent() {
    return true;
  }

  /**
   * What has to have come to pass before.
   *
   * @return the message that is to be delivered, if there is one by then
   */
  Optional<String> prepare(Stage stage, IdempotencyKey key) throws InterruptedException {
    return Optional.empty();
  }

  void begin(Stage stage, IdempotencyKey key, Optional<String> message)
      throws InterruptedException {
    stage.report(key, Opening.BY_HAND);
  }

  /** How often each call is made while an event passes and nothing goes wrong; ordinals are 1. */
  static Map<CallName, Integer> learnPlain(Stage stage) throws InterruptedException {
    var most = new HashMap<CallName, Integer>();
    for (var run = 0; run < PLAIN_RUNS; run++) {
      stage.proxy().calls().clear();
      stage.report(stage.newKey(), Opening.BY_HAND);
      stage.settle(Stage.LIMIT);
      counts(stage.proxy().calls().all())
          .forEach((call, times) -> most.merge(call, times, Math::max));
    }
    return most;
  }

  /**
   * The calls that only the recovery makes, every time: those of the service that it befell, since
   * then, of which there are more than where nothing goes wrong. What the proxy itself has answered
   * is left out, and not counted.
   */
  List<CallName> learn(Stage stage, Map<CallName, Integer> plain) throws InterruptedException {
    var calls = new ArrayList<>(learnOnce(stage, plain));
    for (var run = 1; run < RUNS; run++) {
      calls.retainAll(learnOnce(stage, plain));
    }
    return List.copyOf(calls);
  }

  private List<CallName> learnOnce(Stage stage, Map<CallName, Integer> plain)
      throws InterruptedException {
    stage.fleet().await(service, 2);
    var key = stage.newKey();
    var message = prepare(stage, key);
    stage.proxy().calls().clear();
    try (var trigger = arm(stage)) {
      begin(stage, key, message);
      var unrest = stage.settle(Stage.LIMIT);
      if (unrest.isPresent() || !trigger.struck()) {
        throw new IllegalStateException("%s: %s".formatted(this, unrest.orElse("never struck")));
      }
    }
    var own =
        stage.proxy().calls().matching(it -> it.caller().service().equals(service) && !it.idle());
    return beyond(own, isOfAnEvent() ? plain : Map.of(), isOfAnEvent());
  }

  /**
   * @param own in the order of their arrival
   * @param struckFirst whether only those count that come after one that a fault has struck
   */
  static List<CallName> beyond(
      List<RecordedCall> own, Map<CallName, Integer> plain, boolean struckFirst) {
    var counts = counts(own);
    var seen = new HashMap<CallName, Integer>();
    var beyond = new ArrayList<CallName>();
    var since = !struckFirst;
    for (var call : own) {
      var name = nameOf(call);
      if (call.reachedAws()) {
        var ordinal = seen.merge(name, 1, Integer::sum);
        if (since && counts.getOrDefault(name, 0) > plain.getOrDefault(name, 0)) {
          beyond.add(withOrdinal(name, ordinal));
        }
      }
      since |= !call.faults().isEmpty();
    }
    return List.copyOf(beyond);
  }

  private static Map<CallName, Integer> counts(List<RecordedCall> calls) {
    var counts = new HashMap<CallName, Integer>();
    calls.stream()
        .filter(it -> !it.idle())
        .forEach(it -> counts.merge(nameOf(it), 1, Integer::sum));
    return counts;
  }

  private static CallName nameOf(RecordedCall call) {
    return new CallName(
        call.caller().service(), call.operation(), call.resource(), call.index(), 1);
  }

  private static CallName withOrdinal(CallName name, int ordinal) {
    return new CallName(name.caller(), name.operation(), name.resource(), name.index(), ordinal);
  }

  /**
   * For a reason that trying again does not change:
   * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
   */
  private static AwsAnswer cancelled(AwsAnswer answer) {
    var body = JsonMapper.shared().createObjectNode();
    body.put("__type", "com.amazonaws.dynamodb.v20120810#TransactionCanceledException");
    body.put("Message", "Transaction cancelled: made to fail by the fault proxy");
    body.putArray("CancellationReasons").addObject().put("Code", "ValidationError");
    return answer.withStatus(400).withJson(body);
  }

  private static Optional<String> bodyIn(AwsAnswer answer) {
    return answer.json().path("Messages").path(0).path("Body").stringValueOpt();
  }

  @Override
  public String toString() {
    return label;
  }
}
