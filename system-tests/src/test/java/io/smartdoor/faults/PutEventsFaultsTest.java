package io.smartdoor.faults;

import static io.smartdoor.faults.ProxyFixture.nameOf;
import static io.smartdoor.faults.ProxyFixture.newName;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smartdoor.faults.Fault.FailEntries;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sqs.model.Message;

/** A PutEvents that fails in part; a queue shows what was put all the same. */
class PutEventsFaultsTest {

  private final ProxyFixture fixture = new ProxyFixture();
  private final String bus = newName("bus");
  private final String queue = fixture.newQueue();

  @BeforeEach
  void theQueueHearsOfWhatIsOnTheBus() {
    var buses = fixture.observer.buses();
    var arn =
        "arn:aws:sqs:%s:%s:%s"
            .formatted(fixture.aws().region(), fixture.aws().account(), nameOf(queue));
    buses.createEventBus(it -> it.name(bus));
    buses.putRule(
        it -> it.name("all").eventBusName(bus).eventPattern("{\"source\": [\"SmartDoor\"]}"));
    buses.putTargets(it ->
        it.rule("all").eventBusName(bus).targets(Target.builder().id("queue").arn(arn).build()));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void failsSingleEntriesInTheirPlacesAndPutsTheOthers() {
    var rule = failing(0, 2);

    var response = put("first", "second", "third", "fourth");

    assertThat(response.failedEntryCount()).isEqualTo(2);
    assertThat(response.entries())
        .map(PutEventsResultEntry::errorCode)
        .containsExactly("InternalFailure", null, "InternalFailure", null);
    assertThat(response.entries().get(1).eventId()).isNotBlank();
    assertThat(response.entries().get(2).errorMessage()).isEqualTo("It failed.");
    assertThat(heard(2)).containsExactlyInAnyOrder("second", "fourth");
    assertThat(rule.fired()).isEqualTo(1);
  }

  @Test
  void failsAllEntriesWithoutAskingAws() {
    failing(0, 1);

    var response = put("first", "second");

    assertThat(response.failedEntryCount()).isEqualTo(2);
    assertThat(response.entries()).hasSize(2);
    assertThat(heard(0)).isEmpty();
    assertThat(fixture.proxy.calls().all().getFirst().reachedAws()).isFalse();
  }

  @Test
  void failsTheEntriesOfTwoRulesInTheOrderInWhichEachSeesThem() {
    failing(1);
    failing(1); // what is second once the first rule has taken one out

    var response = put("first", "second", "third", "fourth");

    assertThat(response.failedEntryCount()).isEqualTo(2);
    assertThat(response.entries())
        .map(PutEventsResultEntry::errorCode)
        .containsExactly(null, "InternalFailure", "InternalFailure", null);
    assertThat(heard(2)).containsExactlyInAnyOrder("first", "fourth");
  }

  @Test
  void passesByACallThatHasNoSuchEntry() {
    var rule = failing(3);

    assertThat(put("first").failedEntryCount()).isZero();

    assertThat(rule.fired()).isZero();
    assertThat(heard(1)).containsExactly("first");
  }

  private Rule failing(Integer... entries) {
    return fixture.proxy.inject(
        new FailEntries(Set.of(entries), "InternalFailure", "It failed."),
        Match.of(AwsOperation.PUT_EVENTS).on(bus),
        Times.once());
  }

  private PutEventsResponse put(String... detailTypes) {
    var entries =
        Stream.of(detailTypes)
            .map(it ->
                PutEventsRequestEntry.builder()
                    .eventBusName(bus)
                    .source("SmartDoor")
                    .detailType(it)
                    .detail("{}")
                    .build())
            .toList();
    return fixture.caller.buses().putEvents(it -> it.entries(entries));
  }

  /** What came, as soon as it is so many: LocalStack delivers when it has answered the put. */
  private List<String> heard(int count) {
    var heard = new ArrayList<String>();
    await()
        .until(() -> {
          heard.addAll(received());
          return heard.size() >= count;
        });
    return heard;
  }

  private List<String> received() {
    return fixture
        .observer
        .queues()
        .receiveMessage(it -> it.queueUrl(queue).maxNumberOfMessages(10))
        .messages()
        .stream()
        .map(Message::body)
        .map(it -> Json.read(it.getBytes(UTF_8)))
        .map(it -> it.path("detail-type").stringValue(""))
        .toList();
  }
}
