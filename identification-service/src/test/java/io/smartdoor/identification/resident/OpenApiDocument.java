package io.smartdoor.identification.resident;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.http.HttpResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What the service says of itself, held against what it does. */
final class OpenApiDocument {

  private static final JsonMapper JSON = new JsonMapper();

  private final JsonNode document;

  OpenApiDocument(String document) {
    this.document = JSON.readTree(document);
  }

  JsonNode json() {
    return document;
  }

  JsonNode operation(String path, String method) {
    return document.path("paths").path(path).path(method);
  }

  /** Fails unless {@code response} is one that the document promises of this operation. */
  void assertDescribes(String path, String method, HttpResponse<String> response) {
    var promised = operation(path, method).path("responses").path("" + response.statusCode());
    assertThat(promised.isObject())
        .as("%s %s answers %d".formatted(method, path, response.statusCode()))
        .isTrue();
    var content = promised.path("content");
    if (response.body().isEmpty()) {
      assertThat(content.isMissingNode()).as("no content promised").isTrue();
      return;
    }
    var type = response.headers().firstValue("Content-Type").orElseThrow();
    assertThat(content.has(type)).as("%s in %s", type, content).isTrue();
    assertThat(errors(content.path(type).path("schema"), response.body())).isEmpty();
  }

  /** Fails unless {@code body} is what the document says a request's is. */
  void assertAccepts(String path, String method, String body) {
    assertThat(requestErrors(path, method, body)).isEmpty();
  }

  void assertRefuses(String path, String method, String body) {
    assertThat(requestErrors(path, method, body)).isNotEmpty();
  }

  private Iterable<?> requestErrors(String path, String method, String body) {
    var schema =
        operation(path, method)
            .path("requestBody")
            .path("content")
            .path("application/json")
            .path("schema");
    return errors(schema, body);
  }

  /** The document's own components stand beside the schema, so that references resolve. */
  private Iterable<?> errors(JsonNode schema, String body) {
    assertThat(schema.isObject()).isTrue();
    var whole = (ObjectNode) schema.deepCopy();
    whole.set("components", document.path("components"));
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(whole.toString(), InputFormat.JSON)
        .validate(body, InputFormat.JSON);
  }
}
