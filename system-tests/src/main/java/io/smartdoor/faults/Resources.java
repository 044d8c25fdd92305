package io.smartdoor.faults;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Names what a call with a JSON or form body is about, by what its body says. */
final class Resources {

  private Resources() {}

  static List<String> of(AwsService service, JsonNode body) {
    var names =
        switch (service) {
          case DYNAMODB -> tables(body);
          case SQS -> text(body, "QueueUrl", "QueueName").map(Resources::afterSlash).stream();
          case EVENTBRIDGE -> buses(body);
          case STEP_FUNCTIONS -> stateMachines(body);
          case SECRETS_MANAGER -> text(body, "SecretId", "Name").map(Resources::secret).stream();
          case SSM -> text(body, "Name").stream();
          case REKOGNITION -> text(body, "CollectionId").stream();
          case CLOUDFORMATION -> text(body, "StackName").stream();
          case S3, STS, OTHER -> Stream.<String>empty();
        };
    return names.distinct().toList();
  }

  /**
   * One table; or those of a transaction ({@code TransactItems}) or a batch ({@code RequestItems}).
   */
  private static Stream<String> tables(JsonNode body) {
    return Stream.of(
            text(body, "TableName").stream(),
            body.path("TransactItems")
                .valueStream()
                .flatMap(JsonNode::valueStream)
                .flatMap(it -> text(it, "TableName").stream()),
            body.path("RequestItems").propertyNames().stream())
        .flatMap(it -> it)
        .map(Resources::afterSlash);
  }

  private static Stream<String> buses(JsonNode body) {
    return body.has("Entries")
        ? body.path("Entries")
            .valueStream()
            .map(it -> afterSlash(it.path("EventBusName").stringValue("default")))
        : text(body, "EventBusName", "Name").map(Resources::afterSlash).stream();
  }

  /** {@code …:stateMachine:<name>}, or {@code …:execution:<name of the machine>:<execution>}. */
  private static Stream<String> stateMachines(JsonNode body) {
    var ofExecution =
        text(body, "executionArn").map(it -> it.split(":", -1)).filter(it -> it.length > 6);
    return ofExecution.isPresent()
        ? Stream.of(ofExecution.get()[6])
        : text(body, "stateMachineArn", "name").map(it -> after(it, ':')).stream();
  }

  /** AWS ends the ARN of a secret with a hyphen and six characters that its name has not. */
  private static String secret(String id) {
    return id.startsWith("arn:") ? after(id, ':').replaceFirst("-[A-Za-z0-9]{6}$", "") : id;
  }

  private static Optional<String> text(JsonNode body, String... names) {
    return Stream.of(names).flatMap(it -> body.path(it).stringValueOpt().stream()).findFirst();
  }

  private static String afterSlash(String name) {
    return after(name, '/');
  }

  private static String after(String name, char separator) {
    return name.substring(name.lastIndexOf(separator) + 1);
  }
}
