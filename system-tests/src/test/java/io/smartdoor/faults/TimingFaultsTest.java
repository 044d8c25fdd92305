package io.smartdoor.faults;

import static io.smartdoor.faults.ProxyFixture.PATIENCE;
import static io.smartdoor.faults.ProxyFixture.door;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdoor.faults.Fault.Delay;
import io.smartdoor.faults.Fault.Pause;
import io.smartdoor.faults.Fault.RunAfter;
import io.smartdoor.faults.Fault.RunBefore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;

/** Calls that are held, late, or in whose middle the test does something. */
class TimingFaultsTest {

  private static final Match PUTS = Match.of(AwsService.DYNAMODB, "PutItem");

  private final ProxyFixture fixture = new ProxyFixture();
  private final DynamoDbClient tables = fixture.caller.tables();
  private final String table = fixture.newTable();

  @AfterEach
  void close() {
    fixture.close();
  }

  @ParameterizedTest
  @EnumSource
  void holdsACallUntilTheGateOpens(Moment moment) throws Exception {
    var gate = new Gate();
    var rule = fixture.proxy.inject(new Pause(gate, moment), PUTS, Times.once());

    var put = putInTheBackground("front");
    gate.awaitArrivals(1, PATIENCE);

    assertThat(rule.fired()).isEqualTo(1);
    assertThat(put).isNotDone();
    assertThat(isThere("front")).isEqualTo(moment == Moment.AFTER_AWS);
    put("back");
    assertThat(fixture.proxy.calls().all()).as("calls that ended").hasSize(1);

    gate.open();
    put.get(PATIENCE.toMillis(), MILLISECONDS);
    assertThat(isThere("front")).isTrue();
    assertThat(fixture.proxy.calls().all())
        .as("in the order of arrival")
        .map(RecordedCall::faults)
        .containsExactly(List.of("Pause"), List.of());
  }

  @Test
  void forwardsAHeldCallAlthoughItsCallerHasGivenUp() throws Exception {
    var gate = new Gate();
    fixture.proxy.inject(new Pause(gate, Moment.BEFORE_AWS), PUTS, Times.once());

    assertThatThrownBy(() ->
            tables.putItem(it ->
                it.tableName(table)
                    .item(door("front"))
                    .overrideConfiguration(own -> own.apiCallTimeout(Duration.ofMillis(300)))))
        .isInstanceOf(SdkClientException.class);
    assertThat(isThere("front")).isFalse();

    gate.open();
    fixture.proxy.calls().await(1, RecordedCall::reachedAws, PATIENCE);
    assertThat(isThere("front")).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void letsACallTakeLonger(Moment moment) {
    fixture.proxy.inject(new Delay(Duration.ofMillis(200), moment), PUTS, Times.once());

    put("front");

    assertThat(fixture.proxy.calls().all().getFirst().took())
        .isGreaterThanOrEqualTo(Duration.ofMillis(200));
  }

  @Test
  void runsAnActionBeforeAwsIsAsked() {
    var thereBefore = new AtomicReference<Boolean>();
    var rule =
        fixture.proxy.inject(
            new RunBefore(_ -> thereBefore.set(isThere("front")), Then.CONTINUE),
            PUTS,
            Times.once());

    put("front");

    assertThat(thereBefore).hasValue(false);
    assertThat(isThere("front")).isTrue();
    assertThat(rule.fired()).isEqualTo(1);
  }

  @Test
  void runsAnActionAfterAwsHasAnsweredAndBeforeTheCallerKnows() {
    List<Object> seen = new ArrayList<>();
    fixture.proxy.inject(
        new RunAfter(
            (call, answer) -> {
              seen.add(call.resource());
              seen.add(answer.status());
              seen.add(isThere("front"));
            },
            Then.CONTINUE),
        PUTS,
        Times.once());

    put("front");

    assertThat(seen).containsExactly(table, 200, true);
  }

  @Test
  void neverForwardsWhatItCutsAfterTheAction() {
    fixture.proxy.inject(new RunBefore(_ -> {}, Then.CUT), PUTS, Times.once());
    fixture.proxy.inject(new RunAfter((_, _) -> {}, Then.CUT), PUTS, Times.once());

    assertThatThrownBy(() -> put("front")).isInstanceOf(SdkClientException.class);
    assertThat(isThere("front")).isFalse();
    assertThatThrownBy(() -> put("front")).isInstanceOf(SdkClientException.class);
    assertThat(isThere("front")).isTrue();
  }

  @Test
  void saysAtItsEndThatAnActionFailed() {
    var proxy = FaultProxy.to(fixture.aws().endpoint());
    proxy.inject(
        new RunBefore(
            _ -> {
              throw new IOException("no such process");
            },
            Then.CONTINUE),
        PUTS,
        Times.once());
    try (var clients = Clients.at(proxy.endpointFor(Caller.of("lock")), fixture.aws())) {
      var through = clients.tables();
      assertThatThrownBy(() -> through.putItem(it -> it.tableName(table).item(door("front"))))
          .isInstanceOf(SdkClientException.class);
    }

    assertThatThrownBy(proxy::close)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no such process");
  }

  @Test
  void endsHeldCallsWhenItIsClosed() throws Exception {
    var gate = new Gate();
    var proxy = FaultProxy.to(fixture.aws().endpoint());
    proxy.inject(new Pause(gate, Moment.BEFORE_AWS), Match.everyCall(), Times.always());
    try (var clients = Clients.at(proxy.endpointFor(Caller.of("lock")), fixture.aws())) {
      var through = clients.tables();
      var held =
          CompletableFuture.supplyAsync(
              () -> through.putItem(it -> it.tableName(table).item(door("front"))));
      gate.awaitArrivals(1, PATIENCE);

      proxy.close();

      assertThat(held)
          .failsWithin(PATIENCE)
          .withThrowableThat()
          .withCauseInstanceOf(SdkClientException.class);
    }
    assertThat(isThere("front")).isFalse();
  }

  private void put(String id) {
    tables.putItem(it -> it.tableName(table).item(door(id)));
  }

  private CompletableFuture<PutItemResponse> putInTheBackground(String id) {
    return CompletableFuture.supplyAsync(
        () -> tables.putItem(it -> it.tableName(table).item(door(id))));
  }

  private boolean isThere(String id) {
    return fixture.observer.tables().getItem(it -> it.tableName(table).key(door(id))).hasItem();
  }
}
