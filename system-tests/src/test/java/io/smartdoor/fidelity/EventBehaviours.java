package io.smartdoor.fidelity;

import static io.smartdoor.fidelity.Behaviour.byDocumentationOnly;
import static io.smartdoor.fidelity.Behaviour.expect;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import tools.jackson.databind.json.JsonMapper;

/** EventBridge. */
final class EventBehaviours {

  private static final String GUIDE = "https://docs.aws.amazon.com/eventbridge/latest/userguide/";
  private static final String API = "https://docs.aws.amazon.com/eventbridge/latest/APIReference/";

  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Duration SOME_TIME = Duration.ofSeconds(10);

  private EventBehaviours() {}

  static List<Behaviour> all() {
    return List.of(
        Behaviour.of(
            "PutEvents: malformed detail",
            "fails that entry alone, with MalformedDetail",
            API + "API_PutEventsResultEntry.html",
            "the outbox parks what the bus refuses for good",
            EventBehaviours::malformedDetail),
        Behaviour.of(
            "PutEvents: more than ten entries",
            "refuses the call",
            API + "API_PutEvents.html",
            "batches of ten",
            EventBehaviours::elevenEntries),
        Behaviour.of(
            "PutEvents: more than 1 MB",
            "refuses the call",
            GUIDE + "eb-putevents.html",
            "batches are cut by size",
            EventBehaviours::tooLarge),
        Behaviour.of(
            "PutEvents: bus that does not exist",
            "knows no error for it: the entry is accepted, and lost",
            API + "API_PutEventsResultEntry.html",
            "the Lock Service has not started before it has found its bus",
            EventBehaviours::unknownBus),
        Behaviour.of(
            "DescribeEventBus: bus that does not exist",
            "fails with ResourceNotFoundException",
            API + "API_DescribeEventBus.html",
            "the Lock Service has not started before it has found its bus",
            EventBehaviours::descriptionOfUnknownBus),
        Behaviour.of(
            "PutEvents: entry's Time",
            "is the event's time",
            API + "API_PutEventsRequestEntry.html",
            "nothing: readers prefer occurred-at",
            EventBehaviours::entryTime),
        Behaviour.of(
            "PutEvents: source that begins with aws.",
            "fails that entry, with NotAuthorizedForSourceException",
            API + "API_PutEventsResultEntry.html",
            "nothing: the source is always SmartDoor",
            EventBehaviours::reservedSource),
        Behaviour.of(
            "Pattern: number in another notation",
            "does not match: 300 is not 300.0",
            GUIDE + "eb-create-pattern.html",
            "nothing: no pattern of ours names a number",
            EventBehaviours::numbers),
        Behaviour.of(
            "Rule: changed pattern",
            "is in force a little later",
            API + "API_PutRule.html",
            "an update of a stack changes who hears of what",
            EventBehaviours::changedPattern),
        Behaviour.of(
            "Rule: queue that is gone",
            "the event goes to the rule's dead-letter queue, with ERROR_CODE and RULE_ARN",
            GUIDE + "eb-rule-dlq.html",
            "nothing is lost between bus and queue",
            EventBehaviours::targetGone),
        Behaviour.of(
            "Archive and replay",
            "brings events back, with replay-name in the envelope",
            GUIDE + "eb-archive.html",
            "an operator replays what a subscriber missed",
            EventBehaviours::archive),
        byDocumentationOnly(
            "Rule: target that throttles",
            "is retried for 24 hours and up to 185 times, with backoff and jitter",
            GUIDE + "eb-rule-retry-policy.html",
            "a queue that is out of reach loses nothing"),
        byDocumentationOnly(
            "Delivery",
            "at least once, in no promised order",
            GUIDE + "eb-delivering-events.html",
            "subscribers deduplicate, and bear any order"));
  }

  private static String malformedDetail(Lab lab) {
    var results =
        lab.buses
            .putEvents(it ->
                it.entries(
                    lab.entry("Malformed", "no JSON").build(),
                    lab.entry("Malformed", "{}").build()))
            .entries();
    var first = String.valueOf(results.getFirst().errorCode());
    return expect(
        first.equals("MalformedDetail") && results.get(1).errorCode() == null,
        "the entry's error is " + first);
  }

  private static String elevenEntries(Lab lab) {
    var entries = Stream.generate(() -> lab.entry("Eleven", "{}").build()).limit(11).toList();
    return expect(
        Lab.errorOf(() -> lab.buses.putEvents(it -> it.entries(entries))).isPresent(), "accepted");
  }

  private static String tooLarge(Lab lab) {
    var detail = "{\"x\":\"%s\"}".formatted("x".repeat(1_100_000));
    return expect(Lab.errorOf(() -> lab.put("Large", detail)).isPresent(), "accepted");
  }

  /**
   * AWS's documentation says so by naming no error for it; whoever tried says so aloud.
   *
   * @see <a href="https://github.com/aws/aws-sdk/issues/186">Putting an event on an nonexistent
   *     EventBridge event bus returns a success</a>
   */
  private static String unknownBus(Lab lab) {
    var entry = lab.entry("Lost", "{}").eventBusName("nowhere").build();
    var result = lab.buses.putEvents(it -> it.entries(entry)).entries().getFirst();
    return expect(
        result.errorCode() == null && result.eventId() != null,
        "the entry's error is " + result.errorCode());
  }

  private static String descriptionOfUnknownBus(Lab lab) {
    var error =
        Lab.errorOf(() -> lab.buses.describeEventBus(it -> it.name("nowhere"))).orElse("none");
    return expect(error.equals("ResourceNotFoundException"), "the error is " + error);
  }

  private static String entryTime(Lab lab) {
    var queue = lab.queue();
    lab.rule("{\"detail-type\":[\"Timed\"]}", queue);
    var time = Instant.parse("2022-12-12T12:00:00Z");
    lab.buses.putEvents(it -> it.entries(lab.entry("Timed", "{}").time(time).build()));
    var found = lab.receive(queue, SOON).map(it -> text(it.body(), "/time")).orElse("no event");
    return expect(found.equals(time.toString()), "the envelope has the time of the call");
  }

  private static String reservedSource(Lab lab) {
    var entry = lab.entry("Reserved", "{}").source("aws.lab").build();
    var error = lab.buses.putEvents(it -> it.entries(entry)).entries().getFirst().errorCode();
    return expect("NotAuthorizedForSourceException".equals(error), "the entry's error is " + error);
  }

  private static String numbers(Lab lab) {
    var queue = lab.queue();
    lab.rule("{\"detail-type\":[\"Number\"],\"detail\":{\"n\":[300]}}", queue);
    lab.put("Number", "{\"n\":300.0}");
    lab.put("Number", "{\"n\":300,\"last\":true}");
    // Order is not promised, so both are waited for, unless the first is the only one that came.
    var bodies = new ArrayList<String>();
    for (var i = 0; i < 2; i++) {
      lab.receive(queue, Duration.ofSeconds(2)).ifPresent(it -> bodies.add(it.body()));
    }
    return expect(
        bodies.size() == 1 && bodies.getFirst().contains("last"), "matches: values are compared");
  }

  private static String changedPattern(Lab lab) {
    var queue = lab.queue();
    var rule = lab.rule("{\"detail-type\":[\"Before\"]}", queue);
    lab.buses.putRule(
        it -> it.name(rule).eventBusName(lab.bus()).eventPattern("{\"detail-type\":[\"After\"]}"));
    lab.put("Before", "{}");
    lab.put("After", "{}");
    var found =
        lab.receive(queue, SOON).map(it -> text(it.body(), "/detail-type")).orElse("nothing");
    return expect(found.equals("After"), "the queue gets " + found);
  }

  private static String targetGone(Lab lab) {
    var deadLetters = lab.queue();
    var queue = lab.queue();
    var target =
        Target.builder()
            .id("queue")
            .arn(lab.arnOf(queue))
            .deadLetterConfig(it -> it.arn(lab.arnOf(deadLetters)))
            .build();
    lab.rule("{\"detail-type\":[\"Orphan\"]}", target);
    lab.queues.deleteQueue(it -> it.queueUrl(queue));
    lab.put("Orphan", "{}");
    var letter = lab.receive(deadLetters, SOME_TIME);
    if (letter.isEmpty()) {
      return "the event is lost";
    }
    var attributes = letter.get().messageAttributes().keySet();
    return expect(
        attributes.contains("ERROR_CODE") && attributes.contains("RULE_ARN"),
        "the dead letter has attributes " + new TreeSet<>(attributes));
  }

  private static String archive(Lab lab) throws InterruptedException {
    var queue = lab.queue(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "60"));
    var rule = lab.rule("{\"detail-type\":[\"Archived\"]}", queue);
    var bus = lab.buses.describeEventBus(it -> it.name(lab.bus())).arn();
    var archive = lab.newName("archive");
    lab.buses.createArchive(it ->
        it.archiveName(archive)
            .eventSourceArn(bus)
            .eventPattern("{\"detail-type\":[\"Archived\"]}"));
    var archived = lab.buses.describeArchive(it -> it.archiveName(archive)).archiveArn();
    var began = Clock.systemUTC().instant().minusSeconds(60);
    lab.put("Archived", "{}");
    if (lab.receive(queue, SOON).isEmpty()) {
      return "not delivered at first";
    }
    var ruleArn = lab.buses.describeRule(it -> it.name(rule).eventBusName(lab.bus())).arn();
    lab.buses.startReplay(it ->
        it.replayName(lab.newName("replay"))
            .eventSourceArn(archived)
            .eventStartTime(began)
            .eventEndTime(began.plusSeconds(120))
            .destination(to -> to.arn(bus).filterArns(ruleArn)));
    var again = lab.receive(queue, SOME_TIME);
    if (again.isEmpty()) {
      return "nothing is replayed";
    }
    return expect(
        !text(again.get().body(), "/replay-name").isEmpty(), "replayed without replay-name");
  }

  static String text(String json, String pointer) {
    return JsonMapper.shared().readTree(json).at(pointer).stringValue("");
  }
}
