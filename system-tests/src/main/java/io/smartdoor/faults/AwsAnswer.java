package io.smartdoor.faults;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What a caller is answered. Immutable. */
public final class AwsAnswer {

  private final AwsService service;
  private final HttpResponse response;

  AwsAnswer(AwsService service, HttpResponse response) {
    this.service = service;
    this.response = response;
  }

  /** The HTTP status. */
  public int status() {
    return response.status();
  }

  public boolean succeeded() {
    return status() / 100 == 2;
  }

  /** The body as a document of the reader's own; a missing node where it is no JSON. */
  public JsonNode json() {
    return Json.read(response.body());
  }

  /** The body as text. */
  public String text() {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  public Optional<String> header(String name) {
    return response.headers().first(name);
  }

  /** This answer with another body, with checksums that fit it: AWS's own would no longer. */
  public AwsAnswer withJson(JsonNode body) {
    var checked = service == AwsService.SQS ? Checksums.ofMessages(body) : body;
    var bytes = Json.write(checked);
    var changed = response.withBody(bytes);
    return new AwsAnswer(
        service,
        service == AwsService.DYNAMODB
            ? changed.withHeader(Checksums.CRC32, Checksums.crc32(bytes))
            : changed);
  }

  /** This answer with another HTTP status. */
  public AwsAnswer withStatus(int status) {
    return new AwsAnswer(service, response.withStatus(status));
  }

  /** This answer with another header field, even one that no longer fits the body. */
  public AwsAnswer withHeader(String name, String value) {
    return new AwsAnswer(service, response.withHeader(name, value));
  }

  HttpResponse response() {
    return response;
  }
}
