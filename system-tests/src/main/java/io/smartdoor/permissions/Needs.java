package io.smartdoor.permissions;

import static io.smartdoor.faults.AwsService.DYNAMODB;
import static io.smartdoor.faults.AwsService.EVENTBRIDGE;
import static io.smartdoor.faults.AwsService.S3;
import static io.smartdoor.faults.AwsService.SECRETS_MANAGER;
import static io.smartdoor.faults.AwsService.SQS;
import static io.smartdoor.faults.AwsService.STEP_FUNCTIONS;

import io.smartdoor.faults.AwsOperation;
import io.smartdoor.faults.AwsService;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Which actions an operation needs: mostly the one of its own name, but not always. Only operations
 * that a service calls are known, each with where AWS says so.
 */
final class Needs {

  /** Actions by service, their resource types and condition keys: {@code list_SERVICE.html}. */
  private static final String REFERENCE =
      "https://docs.aws.amazon.com/service-authorization/latest/reference/";

  private static final String TRANSACTIONS =
      "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html";

  /** "You cannot set permissions explicitly for SendMessageBatch, DeleteMessageBatch, …" */
  private static final String BATCHES =
      "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api.html";

  /** What each part of a transaction is, by its name in the request. */
  private static final Map<String, String> PARTS =
      Map.of(
          "Put", "dynamodb:PutItem",
          "Update", "dynamodb:UpdateItem",
          "Delete", "dynamodb:DeleteItem",
          "ConditionCheck", "dynamodb:ConditionCheckItem");

  /**
   * What an operation on an object of S3 needs on it. Looking at what is there already, or is there
   * no more, is reading; a condition that something is not there is no reading.
   */
  private static final Map<AwsOperation, String> ON_OBJECTS =
      Map.of(
          new AwsOperation(S3, "PutObject"), "s3:PutObject",
          new AwsOperation(S3, "HeadObject"), "s3:GetObject",
          new AwsOperation(S3, "GetObject"), "s3:GetObject");

  /** "Required permissions for Amazon S3 API operations", by operation. */
  private static final String OBJECTS =
      "https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html";

  private static final Map<AwsOperation, Mapping> MAPPINGS = mappings();

  private Needs() {}

  /** What a request is about, in terms of IAM. */
  @FunctionalInterface
  private interface Reading {
    Stream<Permission> of(JsonNode body, Arns arns);
  }

  /**
   * @param source the page of AWS's documentation that says which actions it needs
   */
  private record Mapping(String source, Reading reading) {}

  /**
   * What a call needs; empty where nobody has said yet what that operation needs.
   *
   * @param body of the request
   * @param resources that it names elsewhere: an object of S3
   */
  static Optional<List<Permission>> of(
      AwsOperation operation, JsonNode body, List<String> resources, Arns arns) {
    if (ON_OBJECTS.containsKey(operation)) {
      var action = ON_OBJECTS.get(operation);
      return Optional.of(
          resources.stream().map(it -> Permission.of(action, arns.object(it))).toList());
    }
    return Optional.ofNullable(MAPPINGS.get(operation))
        .map(it -> it.reading().of(body, arns).distinct().toList());
  }

  /** Where AWS says so, by operation. */
  static Map<AwsOperation, String> sources() {
    var sources = new LinkedHashMap<AwsOperation, String>();
    MAPPINGS.forEach((operation, it) -> sources.put(operation, it.source()));
    ON_OBJECTS.keySet().forEach(it -> sources.put(it, OBJECTS));
    return sources;
  }

  private static Map<AwsOperation, Mapping> mappings() {
    var all = new LinkedHashMap<AwsOperation, Mapping>();
    var tables = REFERENCE + "list_amazondynamodb.html";
    for (var name : List.of("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan")) {
      put(all, DYNAMODB, name, tables, (body, arns) -> onTable("dynamodb:" + name, body, arns));
    }
    put(all, DYNAMODB, "TransactWriteItems", TRANSACTIONS, Needs::parts);

    var queues = REFERENCE + "list_amazonsqs.html";
    for (var name :
        List.of(
            "GetQueueUrl",
            "GetQueueAttributes",
            "ReceiveMessage",
            "ChangeMessageVisibility",
            "DeleteMessage",
            "SendMessage")) {
      put(all, SQS, name, queues, (body, arns) -> onQueue("sqs:" + name, body, arns));
    }
    put(
        all,
        SQS,
        "DeleteMessageBatch",
        BATCHES,
        (body, arns) -> onQueue("sqs:DeleteMessage", body, arns));

    var buses = REFERENCE + "list_amazoneventbridge.html";
    put(all, EVENTBRIDGE, "PutEvents", buses, Needs::entries);
    put(
        all,
        EVENTBRIDGE,
        "DescribeEventBus",
        buses,
        (body, arns) ->
            Stream.of(Permission.of("events:DescribeEventBus", arns.bus(text(body, "Name")))));

    var workflows = REFERENCE + "list_awsstepfunctions.html";
    put(
        all,
        STEP_FUNCTIONS,
        "StartExecution",
        workflows,
        (body, _) ->
            Stream.of(Permission.of("states:StartExecution", text(body, "stateMachineArn"))));
    put(
        all,
        STEP_FUNCTIONS,
        "DescribeExecution",
        workflows,
        (body, _) ->
            Stream.of(Permission.of("states:DescribeExecution", text(body, "executionArn"))));

    put(
        all,
        SECRETS_MANAGER,
        "GetSecretValue",
        REFERENCE + "list_awssecretsmanager.html",
        (body, arns) ->
            Stream.of(
                Permission.of(
                    "secretsmanager:GetSecretValue", arns.secret(text(body, "SecretId")))));
    return all;
  }

  private static void put(
      Map<AwsOperation, Mapping> all,
      AwsService service,
      String operation,
      String source,
      Reading reading) {
    all.put(new AwsOperation(service, operation), new Mapping(source, reading));
  }

  /** Asking an index is allowed on the index; the table itself need not be. */
  private static Stream<Permission> onTable(String action, JsonNode body, Arns arns) {
    var table = text(body, "TableName");
    return Stream.of(
        Permission.of(
            action,
            body.path("IndexName")
                .stringValueOpt()
                .map(it -> arns.index(table, it))
                .orElseGet(() -> arns.table(table))));
  }

  /** A transaction needs what its parts would need by themselves. */
  private static Stream<Permission> parts(JsonNode body, Arns arns) {
    return body.path("TransactItems")
        .valueStream()
        .flatMap(it -> it.properties().stream())
        .map(part -> {
          var action = PARTS.get(part.getKey());
          if (action == null) {
            throw new IllegalArgumentException(
                "expected a part of a transaction (%s), found %s"
                    .formatted(PARTS.keySet(), part.getKey()));
          }
          return Permission.of(action, arns.table(text(part.getValue(), "TableName")));
        });
  }

  private static Stream<Permission> onQueue(String action, JsonNode body, Arns arns) {
    var queue = body.has("QueueUrl") ? text(body, "QueueUrl") : text(body, "QueueName");
    return Stream.of(Permission.of(action, arns.queue(queue)));
  }

  /** Each entry by itself: the condition keys are documented for one event, not for several. */
  private static Stream<Permission> entries(JsonNode body, Arns arns) {
    return body.path("Entries")
        .valueStream()
        .map(entry -> {
          var context = new HashMap<String, String>();
          entry.path("Source").stringValueOpt().ifPresent(it -> context.put("events:source", it));
          entry
              .path("DetailType")
              .stringValueOpt()
              .ifPresent(it -> context.put("events:detail-type", it));
          return new Permission(
              "events:PutEvents",
              arns.bus(entry.path("EventBusName").stringValue("default")),
              context);
        });
  }

  private static String text(JsonNode body, String field) {
    return body.path(field)
        .stringValueOpt()
        .orElseThrow(() ->
            new IllegalArgumentException("expected %s in a request, found none".formatted(field)));
  }
}
