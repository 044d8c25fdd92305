package io.smartdoor.proof;

import static io.smartdoor.proof.Checker.IDENTIFICATION;
import static io.smartdoor.proof.Checker.NOTIFICATION;
import static io.smartdoor.proof.Fleet.LOCK;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.faults.AwsOperation;
import io.smartdoor.faults.AwsService;
import io.smartdoor.faults.Caller;
import io.smartdoor.faults.Clients;
import io.smartdoor.faults.Fault.FailEntries;
import io.smartdoor.faults.Fault.Refuse;
import io.smartdoor.faults.Match;
import io.smartdoor.faults.Times;
import io.smartdoor.permissions.Exempt;
import io.smartdoor.permissions.Grant;
import io.smartdoor.permissions.Policies;
import io.smartdoor.permissions.Usage;
import io.smartdoor.proof.Stage.Setting;
import io.smartdoor.proof.Violation.Kind;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything that services do, by their real processes and once, against what their roles allow as
 * deployed: what is done is allowed, and what is allowed is done. The crash matrix and the soak
 * look at the first half, too.
 */
class PermissionsTest {

  private static final Set<Exempt> EXCEPTIONS =
      Set.of(
          new Exempt(
              IDENTIFICATION,
              "states:DescribeExecution",
              ":execution:smartdoor-identify:*",
              "executions are named by the keys of their events"),
          new Exempt(
              LOCK, "s3:PutObject", "/snapshots/*", "objects are named after doors' pictures"),
          new Exempt(
              LOCK, "s3:GetObject", "/snapshots/*", "objects are named after doors' pictures"));

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static Stage stage;
  private static Policies policies;
  private static Usage usage;

  @BeforeAll
  static void doEverything(@TempDir Path logs) throws InterruptedException {
    stage = Stage.set(setting(), jars(), logs, Clock.systemUTC(), UUID::randomUUID);
    new Everything(stage).run();
    policies = stage.policies();
    usage = stage.usage().untilNow();
  }

  @AfterAll
  static void stop() {
    if (stage != null) {
      stage.close();
    }
  }

  @Test
  void everyCallIsAllowedByTheRoleOfItsService() {
    assertThat(usage.size()).isGreaterThan(30);
    assertThat(policies.refusals(usage)).isEmpty();
  }

  @Test
  void whateverIsAllowedIsNeededByACall() {
    assertThat(policies.excesses(usage, EXCEPTIONS)).isEmpty();
  }

  static Stream<String> services() {
    return Fleet.SERVICES.stream();
  }

  @ParameterizedTest
  @MethodSource("services")
  void noticesAnythingThatARoleLacks(String service) {
    var granted = policies.of(service);
    assertThat(granted).hasSizeGreaterThan(5);
    for (var lost : granted) {
      var others = new ArrayList<>(granted);
      others.remove(lost);

      assertThat(policies.with(service, others).refusals(usage))
          .isNotEmpty()
          .allMatch(it -> it.startsWith(service + ": ") && it.contains(lost.action() + " on "));
    }
  }

  @ParameterizedTest
  @MethodSource("services")
  void noticesAnythingThatARoleHasTooMuch(String service) {
    var granted = policies.of(service);
    for (var other : List.of("dynamodb:BatchWriteItem", "sqs:PurgeQueue", "dynamodb:*")) {
      for (var resource : granted.stream().map(Grant::resource).distinct().toList()) {
        var more = new ArrayList<>(granted);
        more.add(new Grant("More", other, resource, Map.of()));

        assertThat(policies.with(service, more).excesses(usage, EXCEPTIONS))
            .isNotEmpty()
            .allMatch(
                it -> it.startsWith("%s: More: %s on %s".formatted(service, other, resource)));
      }
    }
  }

  /** As the crash matrix and the soak do: what breaks a promise there, breaks it here. */
  @Test
  void whoeverChecksPromisesHearsOfACallThatNoRoleAllows() {
    var table = stage.aws().output(LOCK, "DoorsTable");
    try (var intruder = Clients.at(stage.proxy().endpointFor(Caller.of("intruder")), stage.aws())) {
      intruder.tables().scan(it -> it.tableName(table));
    }

    assertThat(stage.newViolations())
        .filteredOn(it -> it.kind() == Kind.NOT_PERMITTED)
        .singleElement()
        .asString()
        .contains("intruder: no statement of its role allows dynamodb:Scan", table);
  }

  /** One of each service, which remember nothing and so ask for everything. */
  private static Setting setting() {
    var one = new LinkedHashMap<String, Integer>();
    Fleet.SERVICES.forEach(it -> one.put(it, 1));
    var crashes = Setting.forCrashes();
    return new Setting(
        one,
        crashes.doors(),
        crashes.patience(),
        crashes.recipients(),
        crashes.visibility(),
        crashes.timing());
  }

  private static Map<String, Path> jars() {
    var jars = new LinkedHashMap<String, Path>();
    Fleet.SERVICES.forEach(
        it -> jars.put(it, ROOT.resolve("%1$s-service/target/%1$s-service.jar".formatted(it))));
    return jars;
  }

  /** All that a service can be brought to ask AWS for. */
  private record Everything(Stage stage) {

    void run() throws InterruptedException {
      photograph();
      stage.report(stage.newKey(), Opening.BY_HAND);
      var identified = stage.newKey();
      stage.report(identified, Opening.BY_A_RESIDENT);
      settle();
      parkAndRedrive();
      tellOfAnExecutionThatDied(identified);
      reject();
      failOnce();
      administer();
    }

    /** Twice: whether it is the same picture, the service has to look up. */
    private void photograph() throws InterruptedException {
      var snapshot = stage.newKey();
      var picture = new ByteArrayOutputStream();
      try {
        ImageIO.write(new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB), "jpeg", picture);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      for (var time = 0; time < 2; time++) {
        assertThat(stage.photograph(snapshot, picture.toByteArray())).hasValue(201);
      }
    }

    private void parkAndRedrive() throws InterruptedException {
      var parking =
          stage
              .proxy()
              .inject(
                  new FailEntries(Set.of(0), "MalformedDetail", "Detail is malformed."),
                  Match.of(AwsOperation.PUT_EVENTS).by(LOCK),
                  Times.once());
      var key = stage.newKey();
      stage.report(key, Opening.BY_HAND);
      parking.awaitFired(1, Stage.LIMIT);
      settle();
      ask(LOCK, "GET", "/v1/parked-events");
      ask(LOCK, "GET", "/v1/parked-events/" + key);
      ask(LOCK, "POST", "/v1/parked-events/%s/redrive".formatted(key));
      settle();
    }

    private void reject() throws InterruptedException {
      for (var subscriber : List.of(NOTIFICATION, IDENTIFICATION)) {
        stage.poisoner().send("no JSON", subscriber);
        await(subscriber, new AwsOperation(AwsService.SQS, "SendMessage"));
      }
    }

    /** What fails is hidden for a while, which nobody waits for here. */
    private void failOnce() throws InterruptedException {
      refuse(NOTIFICATION, Match.of(AwsService.DYNAMODB, "TransactWriteItems"));
      refuse(IDENTIFICATION, Match.of(AwsService.STEP_FUNCTIONS, "StartExecution"));
      stage.report(stage.newKey(), Opening.BY_A_RESIDENT);
      for (var subscriber : List.of(NOTIFICATION, IDENTIFICATION)) {
        await(subscriber, new AwsOperation(AwsService.SQS, "ChangeMessageVisibility"));
      }
    }

    private void refuse(String service, Match calls) {
      stage.proxy().inject(new Refuse(), calls.by(service), Times.once());
    }

    /** As EventBridge does, which leaves a large input out. */
    private void tellOfAnExecutionThatDied(IdempotencyKey key) throws InterruptedException {
      var machine = stage.aws().output(IDENTIFICATION, "StateMachineArn");
      stage
          .poisoner()
          .send(
              """
              {"version": "0", "id": "%1$s", "source": "aws.states",
               "detail-type": "Step Functions Execution Status Change", "time": "%2$s",
               "detail": {"executionArn": "%3$s:%1$s", "stateMachineArn": "%4$s", "status": "TIMED_OUT"}}
              """
                  .formatted(
                      key, stage.now(), machine.replace(":stateMachine:", ":execution:"), machine),
              IDENTIFICATION);
      stage
          .proxy()
          .calls()
          .await(
              1,
              it -> it.caller().service().equals(IDENTIFICATION) && it.is(AwsOperation.PUT_EVENTS),
              Stage.LIMIT);
    }

    private void administer() throws InterruptedException {
      ask(LOCK, "GET", "/actuator/health/startup");
      ask(LOCK, "GET", "/v1/doors");
      ask(LOCK, "GET", "/v1/doors/door-0");
      ask(LOCK, "GET", "/v1/doors/door-0/events");
      ask(LOCK, "DELETE", "/v1/doors/door-0");
      ask(NOTIFICATION, "GET", "/v1/people/residents/anna");
      ask(NOTIFICATION, "DELETE", "/v1/people/residents/anna");
      ask(NOTIFICATION, "GET", "/v1/recipients");
      ask(NOTIFICATION, "GET", "/v1/recipients/me");
      ask(NOTIFICATION, "GET", "/v1/recipients/me/inbox");
      ask(NOTIFICATION, "DELETE", "/v1/recipients/me");
      ask(IDENTIFICATION, "GET", "/v1/residents");
      ask(IDENTIFICATION, "GET", "/v1/residents/anna");
      ask(IDENTIFICATION, "DELETE", "/v1/residents/anna");
    }

    private void ask(String service, String method, String path) throws InterruptedException {
      stage.admin().ask(service, method, path, "");
    }

    private void await(String service, AwsOperation operation) throws InterruptedException {
      stage
          .proxy()
          .calls()
          .await(1, it -> it.caller().service().equals(service) && it.is(operation), Stage.LIMIT);
    }

    private void settle() throws InterruptedException {
      assertThat(stage.settle(Stage.LIMIT)).isEmpty();
    }
  }
}
