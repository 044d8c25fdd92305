package io.smartdoor.faults;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * One request to AWS, understood. Immutable; {@link #body} is a shared document: copy it before a
 * change.
 */
public final class AwsCall {

  /** How a request names its operation, and what an error looks like. */
  enum Protocol {
    JSON,
    QUERY,
    REST_XML
  }

  private final Caller caller;
  private final HttpRequest request;
  private final Protocol protocol;
  private final AwsOperation operation;
  private final JsonNode body;
  private final List<String> resources;

  AwsCall(
      Caller caller,
      HttpRequest request,
      Protocol protocol,
      AwsOperation operation,
      JsonNode body,
      List<String> resources) {
    this.caller = caller;
    this.request = request;
    this.protocol = protocol;
    this.operation = operation;
    this.body = body;
    this.resources = List.copyOf(resources);
  }

  public Caller caller() {
    return caller;
  }

  public AwsOperation operation() {
    return operation;
  }

  public boolean is(AwsOperation other) {
    return operation.equals(other);
  }

  /**
   * Names of the tables, queues, buses, state machines or secrets that the call is about, and
   * {@code bucket/key} for S3; several in a transaction over several tables, none in ListTables,
   * say.
   */
  public List<String> resources() {
    return resources;
  }

  /** {@link #resources} in one, joined by a plus sign; empty where there is none. */
  public String resource() {
    return String.join("+", resources);
  }

  /** Name of the table's index that is asked. */
  public Optional<String> index() {
    return body.path("IndexName").stringValueOpt();
  }

  /** The request's JSON, or its form's fields as an object; a missing node where it is neither. */
  public JsonNode body() {
    return body;
  }

  Protocol protocol() {
    return protocol;
  }

  HttpRequest request() {
    return request;
  }

  /** This call with another JSON body; what it is about stays. */
  AwsCall withBody(JsonNode other) {
    return new AwsCall(
        caller, request.withBody(Json.write(other)), protocol, operation, other, resources);
  }

  @Override
  public String toString() {
    return "%s: %s %s".formatted(caller, operation, resource()).strip();
  }
}
