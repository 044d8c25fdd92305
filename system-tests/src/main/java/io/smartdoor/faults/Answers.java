package io.smartdoor.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import tools.jackson.databind.JsonNode;

/**
 * Answers that AWS would give, given by the proxy: with AWS's own codes, statuses and documents.
 */
final class Answers {

  /** Why AWS does not do what it is asked. */
  enum Refusal {
    THROTTLED,
    INVALID,
    INTERNAL_ERROR,
    UNAVAILABLE
  }

  /** AWS has a random one; this one tells the reader of a log who answered. */
  private static final String REQUEST_ID = "answered-by-the-fault-proxy";

  /**
   * @param code as the service's API reference has it
   */
  private record ErrorDocument(int status, String code, String message) {

    String blames() {
      return status < 500 ? "Sender" : "Receiver";
    }
  }

  private Answers() {}

  static AwsAnswer ok(AwsCall call, JsonNode body) {
    return json(call, 200, body, Headers.none());
  }

  static AwsAnswer refused(AwsCall call, Refusal refusal) {
    var error =
        switch (refusal) {
          case THROTTLED -> throttled(call);
          case INVALID -> invalid(call);
          case INTERNAL_ERROR -> internalError(call);
          case UNAVAILABLE -> unavailable(call);
        };
    return switch (call.protocol()) {
      case JSON -> inJson(call, error);
      case QUERY -> inXml(call, error, queryDocument(error));
      case REST_XML -> inXml(call, error, restDocument(call, error));
    };
  }

  /**
   * The pages "Common errors" of each API reference, and
   * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
   * (tables on demand),
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html,
   * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.
   */
  private static ErrorDocument throttled(AwsCall call) {
    return switch (call.operation().service()) {
      case DYNAMODB ->
          new ErrorDocument(
              400,
              "ThrottlingException",
              "Throughput exceeds the current capacity of your table or index.");
      case SQS ->
          new ErrorDocument(
              400, "RequestThrottled", "The request was denied due to request throttling.");
      case S3 -> new ErrorDocument(503, "SlowDown", "Please reduce your request rate.");
      case STS, CLOUDFORMATION -> new ErrorDocument(400, "Throttling", "Rate exceeded");
      case EVENTBRIDGE, STEP_FUNCTIONS, SECRETS_MANAGER, SSM, REKOGNITION ->
          new ErrorDocument(400, "ThrottlingException", "Rate exceeded");
      case OTHER -> new ErrorDocument(429, "TooManyRequestsException", "Too Many Requests");
    };
  }

  /**
   * The pages "Common errors" of each API reference; S3's is InvalidRequest, that of the query
   * protocol ValidationError.
   */
  private static ErrorDocument invalid(AwsCall call) {
    var code =
        switch (call.operation().service()) {
          case S3 -> "InvalidRequest";
          case STS, CLOUDFORMATION -> "ValidationError";
          case DYNAMODB,
              SQS,
              EVENTBRIDGE,
              STEP_FUNCTIONS,
              SECRETS_MANAGER,
              SSM,
              REKOGNITION,
              OTHER ->
              "ValidationException";
        };
    return new ErrorDocument(400, code, "The input fails to satisfy the constraints.");
  }

  private static ErrorDocument internalError(AwsCall call) {
    var code =
        switch (call.operation().service()) {
          case DYNAMODB, SSM, REKOGNITION -> "InternalServerError";
          case EVENTBRIDGE -> "InternalException";
          case SECRETS_MANAGER -> "InternalServiceError";
          case S3 -> "InternalError";
          case SQS, STEP_FUNCTIONS, STS, CLOUDFORMATION, OTHER -> "InternalFailure";
        };
    return new ErrorDocument(500, code, "The server encountered an internal error.");
  }

  private static ErrorDocument unavailable(AwsCall call) {
    return new ErrorDocument(
        503,
        "ServiceUnavailable",
        call.operation().service() == AwsService.S3
            ? "Service is unable to handle request."
            : "The request has failed due to a temporary failure of the server.");
  }

  /** SQS names its errors in a header too, in the words of its former protocol. */
  private static AwsAnswer inJson(AwsCall call, ErrorDocument error) {
    var body = Json.object().put("__type", error.code()).put("message", error.message());
    var headers = Headers.none().with("x-amzn-ErrorType", error.code());
    if (call.operation().service() == AwsService.SQS) {
      headers = headers.with("x-amzn-query-error", error.code() + ";" + error.blames());
    }
    return json(call, error.status(), body, headers);
  }

  private static AwsAnswer json(AwsCall call, int status, JsonNode body, Headers headers) {
    var type = call.request().headers().first("Content-Type").orElse("application/x-amz-json-1.0");
    return answer(call, status, headers.with("Content-Type", type), new byte[0]).withJson(body);
  }

  private static String queryDocument(ErrorDocument error) {
    return "<ErrorResponse><Error><Type>%s</Type><Code>%s</Code><Message>%s</Message></Error>"
            .formatted(error.blames(), error.code(), error.message())
        + "<RequestId>%s</RequestId></ErrorResponse>".formatted(REQUEST_ID);
  }

  private static String restDocument(AwsCall call, ErrorDocument error) {
    return "<Error><Code>%s</Code><Message>%s</Message><Resource>%s</Resource>"
            .formatted(error.code(), error.message(), escaped(call.request().path()))
        + "<RequestId>%s</RequestId></Error>".formatted(REQUEST_ID);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static AwsAnswer inXml(AwsCall call, ErrorDocument error, String document) {
    var headers = Headers.none().with("Content-Type", "application/xml");
    return answer(call, error.status(), headers, document.getBytes(UTF_8));
  }

  private static AwsAnswer answer(AwsCall call, int status, Headers headers, byte[] body) {
    var identified =
        headers.with("x-amzn-RequestId", REQUEST_ID).with("x-amz-request-id", REQUEST_ID);
    var reason = status == 200 ? "OK" : "Refused";
    return new AwsAnswer(
        call.operation().service(), new HttpResponse(status, reason, identified, body));
  }
}
