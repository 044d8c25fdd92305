package io.smartdoor.http;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.math.BigDecimal;
import java.util.List;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * Adds to the OpenAPI document what this module does to every operation: it wants the admin token,
 * and it refuses with problem documents. An operation documents by itself only the refusals that
 * are its own.
 */
final class DocumentedRefusals implements GlobalOpenApiCustomizer {

  private static final String ADMIN_TOKEN = "admin-token";

  private final List<OpenEndpoint> open;

  DocumentedRefusals(List<OpenEndpoint> open) {
    this.open = open;
  }

  @Override
  public void customise(OpenAPI document) {
    if (document.getComponents() == null) {
      document.components(new Components());
    }
    document
        .getComponents()
        .addSchemas("Problem", problem())
        .addSecuritySchemes(
            ADMIN_TOKEN,
            new SecurityScheme()
                .type(SecurityScheme.Type.HTTP)
                .scheme("bearer")
                .description("The service's admin token."));
    document.security(List.of(new SecurityRequirement().addList(ADMIN_TOKEN)));
    if (document.getPaths() != null) {
      document
          .getPaths()
          .forEach((path, item) ->
              item.readOperationsMap()
                  .forEach((method, operation) -> complete(path, method, operation)));
    }
  }

  private void complete(String path, PathItem.HttpMethod method, Operation operation) {
    if (operation.getResponses() == null) {
      operation.responses(new ApiResponses());
    }
    var responses = operation.getResponses();
    var isOpen =
        open.stream()
            .anyMatch(it -> it.method().name().equals(method.name()) && it.pattern().equals(path));
    if (isOpen) {
      operation.security(List.of());
    } else {
      refusal(responses, HttpStatus.UNAUTHORIZED, "The admin token is missing or wrong.");
    }
    if (operation.getRequestBody() != null || operation.getParameters() != null) {
      refusal(
          responses,
          HttpStatus.BAD_REQUEST,
          "Something in the request is missing or wrong; `errors` names the field.");
    }
    refusal(responses, HttpStatus.NOT_ACCEPTABLE, "The client accepts no JSON.");
    if (operation.getRequestBody() != null) {
      refusal(responses, HttpStatus.CONTENT_TOO_LARGE, "The body is too large.");
      refusal(responses, HttpStatus.UNSUPPORTED_MEDIA_TYPE, "The body is not JSON.");
    }
    refusal(responses, HttpStatus.INTERNAL_SERVER_ERROR, "A mistake of the service's.");
    refusal(responses, HttpStatus.SERVICE_UNAVAILABLE, "Not at the moment; try again.");
    responses.forEach((status, response) -> {
      if (status.startsWith("4") || status.startsWith("5")) {
        response.content(problemContent());
      }
    });
    var unauthorized = responses.get("401");
    if (!isOpen && unauthorized != null) {
      unauthorized.addHeaderObject(
          HttpHeaders.WWW_AUTHENTICATE,
          new Header().required(true).schema(new StringSchema()._const("Bearer")));
    }
  }

  private static void refusal(ApiResponses responses, HttpStatus status, String description) {
    responses.putIfAbsent(
        String.valueOf(status.value()), new ApiResponse().description(description));
  }

  private static Content problemContent() {
    return new Content()
        .addMediaType(
            Problem.MEDIA_TYPE.toString(),
            new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem")));
  }

  private static Schema<?> problem() {
    var error =
        new ObjectSchema()
            .required(List.of("field", "problem"))
            .addProperty("field", new StringSchema().description("As the client wrote it."))
            .addProperty("problem", new StringSchema())
            .additionalProperties(false);
    return new ObjectSchema()
        .required(List.of("title", "status", "detail"))
        .description("A problem document (RFC 9457) of type about:blank.")
        .addProperty("title", new StringSchema().description("The status in words."))
        .addProperty(
            "status",
            new IntegerSchema().minimum(BigDecimal.valueOf(400)).maximum(BigDecimal.valueOf(599)))
        .addProperty(
            "detail", new StringSchema().description("What was expected and what was found."))
        .addProperty("errors", new ArraySchema().items(error).minItems(1))
        .additionalProperties(false);
  }
}
