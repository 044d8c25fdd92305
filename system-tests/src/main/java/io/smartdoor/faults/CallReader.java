package io.smartdoor.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smartdoor.faults.AwsCall.Protocol;
import java.net.URLDecoder;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** Tells which AWS operation a request is. */
final class CallReader {

  /** {@code Credential=<key>/<date>/<region>/<service>/aws4_request}, in a header or a query. */
  private static final Pattern SIGNING_NAME =
      Pattern.compile("Credential=[^/,&]+(?:/|%2F)[0-9]{8}(?:/|%2F)[^/%]+(?:/|%2F)([^/%]+)");

  private CallReader() {}

  static AwsCall read(Caller caller, HttpRequest request) {
    var target = request.headers().first("X-Amz-Target").orElse("");
    var dot = target.lastIndexOf('.');
    if (dot > 0) {
      var service =
          AwsService.ofTarget(target.substring(0, dot)).orElseGet(() -> signedFor(request));
      var operation = new AwsOperation(service, target.substring(dot + 1));
      var body = Json.read(request.body());
      return call(caller, request, Protocol.JSON, operation, body);
    }
    if (request.headers().says("Content-Type", "x-www-form-urlencoded")) {
      var form = form(new String(request.body(), UTF_8));
      var action = form.path("Action").stringValue("");
      if (!action.isEmpty()) {
        var operation = new AwsOperation(signedFor(request), action);
        return call(caller, request, Protocol.QUERY, operation, form);
      }
    }
    var service = signedFor(request);
    if (service == AwsService.S3) {
      var rest = S3Request.of(request);
      return new AwsCall(
          caller,
          request,
          Protocol.REST_XML,
          new AwsOperation(service, rest.operation()),
          MissingNode.getInstance(),
          rest.resources());
    }
    var operation = new AwsOperation(service, request.method() + " " + request.path());
    return new AwsCall(
        caller, request, Protocol.JSON, operation, Json.read(request.body()), List.of());
  }

  private static AwsCall call(
      Caller caller,
      HttpRequest request,
      Protocol protocol,
      AwsOperation operation,
      JsonNode body) {
    var resources = Resources.of(operation.service(), body);
    return new AwsCall(caller, request, protocol, operation, body, resources);
  }

  private static AwsService signedFor(HttpRequest request) {
    var signature = request.headers().first("Authorization").orElseGet(request::query);
    var scope = SIGNING_NAME.matcher(signature);
    return scope.find()
        ? AwsService.ofSigningName(scope.group(1)).orElse(AwsService.OTHER)
        : AwsService.OTHER;
  }

  private static ObjectNode form(String body) {
    var fields = Json.object();
    for (var field : body.split("&", -1)) {
      var parts = field.split("=", 2);
      fields.put(decoded(parts[0]), parts.length == 2 ? decoded(parts[1]) : "");
    }
    return fields;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
