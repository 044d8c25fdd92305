package io.smartdoor.faults;

import java.io.IOException;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * AWS behind the proxy, for the callers' own calls and for those that a fault adds to them: in the
 * caller's account, and seen by no rule and no log.
 */
final class Aws {

  private final Upstream upstream;

  Aws(Upstream upstream) {
    this.upstream = upstream;
  }

  AwsAnswer send(AwsCall call) throws IOException {
    return new AwsAnswer(call.operation().service(), upstream.send(call.request()));
  }

  /** Deletes the messages that a receive was answered; one that is gone already is none to miss. */
  void delete(AwsCall receive, List<JsonNode> messages) throws IOException {
    var body = onSameQueue(receive);
    var entries = body.putArray("Entries");
    for (var i = 0; i < messages.size(); i++) {
      entries
          .addObject()
          .put("Id", Integer.toString(i))
          .set("ReceiptHandle", messages.get(i).path("ReceiptHandle"));
    }
    var answer = ask(receive, "DeleteMessageBatch", body);
    if (!answer.path("Failed").valueStream().allMatch(Aws::isGone)) {
      throw new IOException("expected all messages to be deleted, found " + answer);
    }
  }

  /** Delivered a second time by a fault, say, and deleted the first time. */
  private static boolean isGone(JsonNode failure) {
    return failure.path("Code").stringValue("").equals("ReceiptHandleIsInvalid");
  }

  /** Sends what a message says as a message of its own, and gives its id. */
  String sendCopy(AwsCall receive, JsonNode message) throws IOException {
    var body = onSameQueue(receive);
    body.set("MessageBody", message.path("Body"));
    if (message.has("MessageAttributes")) {
      body.set("MessageAttributes", message.path("MessageAttributes"));
    }
    return Messages.id(ask(receive, "SendMessage", body));
  }

  private static ObjectNode onSameQueue(AwsCall receive) {
    return Json.object().put("QueueUrl", receive.body().path("QueueUrl").stringValue(""));
  }

  private JsonNode ask(AwsCall receive, String operation, JsonNode body) throws IOException {
    var request =
        receive
            .request()
            .withHeader("X-Amz-Target", "AmazonSQS." + operation)
            .withBody(Json.write(body));
    var response = new AwsAnswer(AwsService.SQS, upstream.send(request));
    if (!response.succeeded()) {
      throw new IOException(
          "expected %s to succeed, found %d: %s"
              .formatted(operation, response.status(), response.json()));
    }
    return response.json();
  }
}
