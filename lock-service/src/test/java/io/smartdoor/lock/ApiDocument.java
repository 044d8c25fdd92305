package io.smartdoor.lock;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The service's OpenAPI document, held against what it really answers. */
final class ApiDocument {

  private static final JsonMapper JSON = new JsonMapper();

  private final JsonNode document;

  ApiDocument(String document) {
    this.document = JSON.readTree(document);
  }

  JsonNode at(String pointer) {
    return document.at(pointer);
  }

  /** Fails where the document does not provide for {@code response}. */
  void check(HttpResponse<String> response) {
    var request = response.request();
    var said =
        "%s %s: %d %s"
            .formatted(request.method(), request.uri(), response.statusCode(), response.body());
    var documented =
        operation(request.method(), request.uri().getPath())
            .path("responses")
            .path(String.valueOf(response.statusCode()));
    assertThat(documented.isObject()).as("documented: %s", said).isTrue();
    for (var header : documented.path("headers").properties()) {
      if (header.getValue().path("required").asBoolean(false)) {
        assertThat(response.headers().firstValue(header.getKey())).as(said).isPresent();
      }
    }
    var content = documented.path("content");
    if (content.isEmpty()) {
      assertThat(response.body()).as(said).isEmpty();
      return;
    }
    var type = response.headers().firstValue("Content-Type").orElse("");
    assertThat(content.propertyNames()).as(said).contains(type);
    assertThat(violations(content.path(type).path("schema"), response.body())).as(said).isEmpty();
  }

  private List<?> violations(JsonNode schema, String body) {
    var whole = (ObjectNode) schema.deepCopy();
    whole.set("components", document.path("components"));
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(whole.toString(), InputFormat.JSON)
        .validate(
            body,
            InputFormat.JSON,
            context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
  }

  private JsonNode operation(String method, String path) {
    return document.path("paths").properties().stream()
        .filter(it -> path.matches(it.getKey().replaceAll("\\{\\w+}", "[^/]+")))
        .map(Map.Entry::getValue)
        .findFirst()
        .map(it -> it.path(method.toLowerCase(Locale.ROOT)))
        .orElseThrow(() -> new AssertionError("not documented: %s %s".formatted(method, path)));
  }
}
