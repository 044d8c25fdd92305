package io.smartdoor.faults;

import io.smartdoor.faults.Fault.FailEntries;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Fails single entries of a PutEvents, as EventBridge does: in an answer of status 200. */
final class EntryFailures {

  private final FailEntries fault;
  private final AwsCall whole;

  EntryFailures(FailEntries fault, AwsCall whole) {
    this.fault = fault;
    this.whole = whole;
  }

  static boolean strike(FailEntries fault, AwsCall call) {
    var size = entries(call).size();
    return call.is(AwsOperation.PUT_EVENTS) && fault.entries().stream().anyMatch(it -> it < size);
  }

  /** The call with the entries that do not fail; there may be none. */
  AwsCall rest() {
    var kept = new ArrayList<JsonNode>();
    var all = entries(whole);
    for (var i = 0; i < all.size(); i++) {
      if (!fault.entries().contains(i)) {
        kept.add(all.get(i));
      }
    }
    var body = Json.copyOf(whole.body());
    body.putArray("Entries").addAll(kept);
    return whole.withBody(body);
  }

  static boolean isEmpty(AwsCall rest) {
    return entries(rest).isEmpty();
  }

  /** AWS's answer about the others, with the failures in their places; a refusal stays one. */
  AwsAnswer answer(AwsAnswer aboutRest) {
    if (!aboutRest.succeeded()) {
      return aboutRest;
    }
    var body = Json.copyOf(aboutRest.json());
    var others = body.path("Entries").deepCopy().valueStream().iterator();
    var results = body.putArray("Entries");
    var size = entries(whole).size();
    var failed = body.path("FailedEntryCount").intValue(0);
    for (var i = 0; i < size; i++) {
      if (fault.entries().contains(i)) {
        results.addObject().put("ErrorCode", fault.code()).put("ErrorMessage", fault.message());
        failed++;
      } else if (others.hasNext()) {
        results.add(others.next());
      }
    }
    body.put("FailedEntryCount", failed);
    return aboutRest.withJson(body);
  }

  /** The answer where no entry is left to put. */
  AwsAnswer answerOfNone() {
    return answer(Answers.ok(whole, Json.object()));
  }

  private static List<JsonNode> entries(AwsCall call) {
    return Json.elements(call.body().path("Entries"));
  }
}
