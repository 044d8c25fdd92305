package io.smartdoor.faults;

import static io.smartdoor.faults.ProxyFixture.door;
import static io.smartdoor.faults.ProxyFixture.newName;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.smartdoor.faults.Fault.CutConnection;
import io.smartdoor.faults.Fault.Outage;
import io.smartdoor.faults.Fault.Refuse;
import io.smartdoor.faults.Fault.ServerError;
import io.smartdoor.faults.Fault.Throttle;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;
import software.amazon.awssdk.services.dynamodb.model.ThrottlingException;
import software.amazon.awssdk.services.eventbridge.model.InternalException;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.sfn.model.SfnException;
import software.amazon.awssdk.services.sqs.model.RequestThrottledException;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** What the SDK sees when AWS refuses, fails, or is gone. */
class RefusalsTest {

  private static final AwsOperation PUT_ITEM = new AwsOperation(AwsService.DYNAMODB, "PutItem");

  private final ProxyFixture fixture = new ProxyFixture();
  private final String bucket = newName("snapshots");

  @AfterEach
  void close() {
    fixture.close();
  }

  static Stream<Arguments> throttlings() {
    return Stream.of(
        Arguments.of(AwsService.DYNAMODB, ThrottlingException.class, "ThrottlingException"),
        Arguments.of(AwsService.SQS, RequestThrottledException.class, "RequestThrottled"),
        Arguments.of(
            AwsService.EVENTBRIDGE,
            software.amazon.awssdk.services.eventbridge.model.ThrottlingException.class,
            "ThrottlingException"),
        Arguments.of(AwsService.STEP_FUNCTIONS, SfnException.class, "ThrottlingException"),
        Arguments.of(AwsService.S3, S3Exception.class, "SlowDown"));
  }

  @ParameterizedTest
  @MethodSource("throttlings")
  void throttlesInTheWordsOfTheService(
      AwsService service, Class<? extends AwsServiceException> type, String code) {
    var rule = fixture.proxy.inject(new Throttle(), Match.of(service), Times.always());

    var refusal = catchThrowableOfType(type, () -> callAnyOf(service));

    assertThat(refusal).isExactlyInstanceOf(type);
    assertThat(refusal.isThrottlingException()).isTrue();
    assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo(code);
    assertThat(refusal.requestId()).isNotBlank();
    assertThat(rule.fired()).isEqualTo(1);
    assertThat(fixture.proxy.calls().all().getLast().reachedAws()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"DYNAMODB", "SQS", "EVENTBRIDGE", "STEP_FUNCTIONS", "S3"})
  void refusesWhatNoClientTriesAgainByItself(AwsService service) {
    fixture.proxy.inject(new Refuse(), Match.of(service), Times.always());

    var refusal = catchThrowableOfType(AwsServiceException.class, () -> callAnyOf(service));

    assertThat(refusal.statusCode()).isEqualTo(400);
    assertThat(refusal.isThrottlingException()).isFalse();
    assertThat(refusal.awsErrorDetails().errorCode())
        .isEqualTo(service == AwsService.S3 ? "InvalidRequest" : "ValidationException");
    assertThat(fixture.proxy.calls().all().getLast().reachedAws()).isFalse();
  }

  static Stream<Arguments> internalErrors() {
    return Stream.of(
        Arguments.of(AwsService.DYNAMODB, InternalServerErrorException.class),
        Arguments.of(AwsService.SQS, SqsException.class),
        Arguments.of(AwsService.EVENTBRIDGE, InternalException.class),
        Arguments.of(AwsService.STEP_FUNCTIONS, SfnException.class),
        Arguments.of(AwsService.S3, S3Exception.class));
  }

  @ParameterizedTest
  @MethodSource("internalErrors")
  void failsInTheWordsOfTheService(AwsService service, Class<? extends AwsServiceException> type) {
    fixture.proxy.inject(new ServerError(Moment.BEFORE_AWS), Match.of(service), Times.always());

    var refusal = catchThrowableOfType(type, () -> callAnyOf(service));

    assertThat(refusal).isExactlyInstanceOf(type);
    assertThat(refusal.statusCode()).isEqualTo(500);
    assertThat(refusal.isThrottlingException()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"DYNAMODB", "SQS", "EVENTBRIDGE", "STEP_FUNCTIONS", "S3"})
  void isOutUntilTheOutageIsOver(AwsService service) {
    var outage = fixture.proxy.inject(new Outage(), Match.of(service), Times.always());

    assertThatThrownBy(() -> callAnyOf(service))
        .isInstanceOfSatisfying(
            AwsServiceException.class, it -> assertThat(it.statusCode()).isEqualTo(503));
    outage.off();
    outage.on();
    assertThatThrownBy(() -> callAnyOf(service))
        .isInstanceOfSatisfying(
            AwsServiceException.class, it -> assertThat(it.statusCode()).isEqualTo(503));
    outage.off();

    fixture.observer.buckets().createBucket(it -> it.bucket(bucket));
    callAnyOf(service);
    assertThat(outage.fired()).isEqualTo(2);
  }

  @Test
  void refusesAHeadWithoutABodySoThatItsConnectionStaysUsable() {
    fixture.observer.buckets().createBucket(it -> it.bucket(bucket));
    fixture.proxy.inject(new Throttle(), Match.of(AwsService.S3, "HeadBucket"), Times.once());
    var buckets = fixture.caller.buckets();

    assertThatThrownBy(() -> buckets.headBucket(it -> it.bucket(bucket)))
        .isInstanceOfSatisfying(
            S3Exception.class, it -> assertThat(it.statusCode()).isEqualTo(503));
    buckets.listObjectsV2(it -> it.bucket(bucket));

    assertThat(fixture.proxy.calls().all())
        .hasSize(2)
        .map(RecordedCall::connection)
        .containsOnly(1L);
  }

  @Test
  void isRetriedByTheSdkUntilItIsThrottledNoMore() {
    var table = fixture.newTable();
    var rule = fixture.proxy.inject(new Throttle(), Match.of(PUT_ITEM).on(table), Times.first(2));

    fixture.retryingCaller.tables().putItem(it -> it.tableName(table).item(door("front")));

    assertThat(rule.fired()).isEqualTo(2);
    assertThat(fixture.proxy.calls().all())
        .map(it -> it.status().orElseThrow())
        .containsExactly(400, 400, 200);
    assertThat(fixture.proxy.calls().names()).map(CallName::ordinal).containsExactly(1, 2, 3);
  }

  @ParameterizedTest
  @EnumSource
  void failsBeforeOrAfterAwsHasExecutedTheCall(Moment moment) {
    var table = fixture.newTable();
    fixture.proxy.inject(new ServerError(moment), Match.of(PUT_ITEM), Times.once());

    assertThatThrownBy(
            () -> fixture.caller.tables().putItem(it -> it.tableName(table).item(door("front"))))
        .isInstanceOf(InternalServerErrorException.class);

    assertThat(isThere(table)).isEqualTo(moment == Moment.AFTER_AWS);
    var call = fixture.proxy.calls().all().getFirst();
    assertThat(call.reachedAws()).isEqualTo(moment == Moment.AFTER_AWS);
    assertThat(call.faults()).containsExactly("ServerError");
  }

  @ParameterizedTest
  @EnumSource
  void cutsTheConnectionBeforeOrAfterAwsHasExecutedTheCall(Moment moment) {
    var table = fixture.newTable();
    var tables = fixture.caller.tables();
    var rule = fixture.proxy.inject(new CutConnection(moment), Match.of(PUT_ITEM), Times.once());

    assertThatThrownBy(() -> tables.putItem(it -> it.tableName(table).item(door("front"))))
        .isInstanceOf(SdkClientException.class)
        .hasStackTraceContaining("Connection reset");

    assertThat(rule.fired()).isEqualTo(1);
    assertThat(isThere(table)).isEqualTo(moment == Moment.AFTER_AWS);
    assertThat(fixture.proxy.calls().all().getFirst().status()).isEmpty();

    tables.putItem(it -> it.tableName(table).item(door("front")));
    assertThat(isThere(table)).isTrue();
  }

  @Test
  void isRetriedByTheSdkAfterACutSoThatAwsExecutesTwice() {
    var table = fixture.newTable();
    fixture.proxy.inject(
        new CutConnection(Moment.AFTER_AWS), Match.of(PUT_ITEM).on(table), Times.once());

    fixture.retryingCaller.tables().putItem(it -> it.tableName(table).item(door("front")));

    assertThat(fixture.proxy.calls().all()).hasSize(2).allMatch(RecordedCall::reachedAws);
  }

  private boolean isThere(String table) {
    return fixture
        .observer
        .tables()
        .getItem(it -> it.tableName(table).key(door("front")))
        .hasItem();
  }

  private void callAnyOf(AwsService service) {
    var clients = fixture.caller;
    switch (service) {
      case DYNAMODB -> clients.tables().listTables();
      case SQS -> clients.queues().listQueues();
      case EVENTBRIDGE ->
          clients.buses().putEvents(it -> it.entries(PutEventsRequestEntry.builder().build()));
      case STEP_FUNCTIONS -> clients.workflows().listStateMachines();
      case S3 ->
          clients
              .buckets()
              .putObject(it -> it.bucket(bucket).key("front"), RequestBody.fromString("x"));
      case SECRETS_MANAGER, SSM, REKOGNITION, STS, CLOUDFORMATION, OTHER ->
          throw new IllegalArgumentException("no client of " + service);
    }
  }
}
