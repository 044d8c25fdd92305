package io.smartdoor.faults;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** The messages in what ReceiveMessage is asked and answered. */
final class Messages {

  private static final int MOST_BY_DEFAULT = 1;

  private Messages() {}

  static List<JsonNode> in(AwsAnswer answer) {
    return answer.succeeded() ? Json.elements(answer.json().path("Messages")) : List.of();
  }

  static String id(JsonNode message) {
    return message.path("MessageId").stringValue("");
  }

  /** How many the caller is ready to take. */
  static int mostOf(AwsCall call) {
    return call.body().path("MaxNumberOfMessages").intValue(MOST_BY_DEFAULT);
  }

  static AwsAnswer with(AwsAnswer answer, List<JsonNode> more) {
    var body = Json.copyOf(answer.json());
    var messages = body.withArray("Messages");
    more.forEach(messages::add);
    return answer.withJson(body);
  }

  /** The call as one that takes fewer and answers at once. */
  static AwsCall withoutWaiting(AwsCall call, int most) {
    var body = Json.copyOf(call.body());
    body.put("MaxNumberOfMessages", most).put("WaitTimeSeconds", 0);
    return call.withBody(body);
  }
}
