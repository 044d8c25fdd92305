package io.smartdoor.faults;

import static io.smartdoor.faults.ProxyFixture.PATIENCE;
import static io.smartdoor.faults.ProxyFixture.door;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.faults.Fault.Pause;
import io.smartdoor.faults.Fault.RunAfter;
import io.smartdoor.faults.Fault.RunBefore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A process is killed, or stopped, at one exact call. */
class KilledCallerTest {

  private static final Match PUTS = Match.of(AwsService.DYNAMODB, "PutItem");
  private static final int KILLED = 128 + 9;

  private final ProxyFixture fixture = new ProxyFixture();
  private final String table = fixture.newTable();
  private final CompletableFuture<Process> started = new CompletableFuture<>();

  @AfterEach
  void close() {
    if (started.isDone()) {
      started.join().destroyForcibly();
    }
    fixture.close();
  }

  @Test
  void diesJustBeforeItsCallReachesAws() throws Exception {
    var rule = fixture.proxy.inject(new RunBefore(_ -> kill(), Then.CUT), PUTS, Times.once());

    assertThat(exitOf(start("front"))).isEqualTo(KILLED);

    assertThat(rule.fired()).isEqualTo(1);
    var call = fixture.proxy.calls().await(1, _ -> true, PATIENCE).getFirst();
    assertThat(call.reachedAws()).isFalse();
    assertThat(isThere("front")).isFalse();
  }

  @Test
  void diesJustAfterAwsHasExecutedItsCall() throws Exception {
    var rule =
        fixture.proxy.inject(
            new RunAfter((_, _) -> kill(), Then.CUT), PUTS.succeeding(), Times.once());

    assertThat(exitOf(start("front"))).isEqualTo(KILLED);

    assertThat(rule.fired()).isEqualTo(1);
    assertThat(isThere("front")).isTrue();
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no SIGSTOP")
  void isStoppedBeforeItsCallAndGoesOnWhenAnotherHasFinished() throws Exception {
    var gate = new Gate();
    fixture.proxy.inject(new RunBefore(_ -> signal("STOP"), Then.CONTINUE), PUTS, Times.once());
    fixture.proxy.inject(new Pause(gate, Moment.BEFORE_AWS), PUTS, Times.once());

    var stopped = start("front");
    gate.awaitArrivals(1, PATIENCE);
    fixture.caller.tables().putItem(it -> it.tableName(table).item(door("back")));
    assertThat(isThere("front")).isFalse();
    gate.open();
    fixture.proxy.calls().await(2, RecordedCall::reachedAws, PATIENCE);
    assertThat(stopped.isAlive()).isTrue();
    signal("CONT");

    assertThat(exitOf(stopped)).isZero();
    assertThat(isThere("front")).isTrue();
  }

  private Process start(String id) throws IOException {
    var aws = fixture.aws();
    var endpoint = fixture.proxy.endpointFor(Caller.of("lock"));
    var process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    OnePut.class.getName(),
                    endpoint.toString(),
                    aws.region(),
                    aws.accessKeyId(),
                    table,
                    id))
            .inheritIO()
            .start();
    started.complete(process);
    return process;
  }

  private static int exitOf(Process process) throws InterruptedException {
    assertThat(process.waitFor(PATIENCE.toMillis(), MILLISECONDS)).isTrue();
    return process.exitValue();
  }

  private void kill() throws Exception {
    started.get(PATIENCE.toMillis(), MILLISECONDS).destroyForcibly().waitFor();
  }

  private void signal(String name) throws Exception {
    var process = started.get(PATIENCE.toMillis(), MILLISECONDS);
    var kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    assertThat(exitOf(kill)).isZero();
  }

  private boolean isThere(String id) {
    return fixture.observer.tables().getItem(it -> it.tableName(table).key(door(id))).hasItem();
  }
}
