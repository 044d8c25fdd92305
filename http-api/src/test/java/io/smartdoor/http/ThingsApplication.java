package io.smartdoor.http;

import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import software.amazon.awssdk.core.exception.SdkClientException;
import tools.jackson.databind.JsonNode;

/** A service with what the three have in common, and nothing else. */
@SpringBootApplication
class ThingsApplication {

  @Bean
  OpenEndpoint webhook() {
    return new OpenEndpoint(HttpMethod.POST, "/v1/things/{id}/events");
  }

  /** A value that its path and its fields are turned into. */
  public record ThingId(String value) {
    public ThingId {
      if (!value.matches("[a-z]+")) {
        throw new IllegalArgumentException("expected letters, found \"%s\"".formatted(value));
      }
    }
  }

  record Part(@Nullable String partName, @Nullable Integer count) {}

  @Schema(additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
  record NewThing(
      @Schema(pattern = "^[a-z]+$", maxLength = 64, requiredMode = Schema.RequiredMode.REQUIRED)
          @Nullable String thingId,
      @Nullable Instant madeAt,
      @Nullable Boolean isNew,
      @Nullable List<Part> spareParts) {}

  record Thing(String thingId, Optional<Instant> madeAt, List<String> spareParts) {}

  @RestController
  static class ThingController {

    @PostMapping("/v1/things")
    @ResponseStatus(HttpStatus.CREATED)
    @ApiResponse(responseCode = "409", description = "It exists.")
    Thing create(@RequestBody NewThing thing) {
      var id = RequestFields.required("thing-id", thing.thingId(), ThingId::new);
      return new Thing(id.value(), Optional.ofNullable(thing.madeAt()), List.of());
    }

    @GetMapping("/v1/things/{id}")
    Thing get(@PathVariable String id, @RequestParam(required = false) @Nullable String limit) {
      return new Thing(
          new ThingId(id).value(), Optional.empty(), List.of("" + PageLimit.of(limit)));
    }

    @PostMapping("/v1/optional")
    boolean optional(@RequestBody(required = false) @Nullable NewThing thing) {
      return thing != null;
    }

    @GetMapping("/v1/by-value/{id}")
    String byValue(@PathVariable ThingId id) {
      return id.value();
    }

    @PutMapping("/v1/taken/{id}")
    void taken(@PathVariable String id) {
      throw Refusal.ofField(HttpStatus.CONFLICT, "id", "%s is taken".formatted(id));
    }

    @PostMapping("/v1/things/{id}/events")
    JsonNode webhook(@PathVariable String id, @RequestBody JsonNode body) {
      return body;
    }

    @GetMapping("/v1/broken")
    void broken() {
      throw new IllegalStateException("secret inner workings");
    }

    @GetMapping("/v1/broken-in-the-container")
    void brokenInTheContainer(HttpServletResponse response) throws IOException {
      response.sendError(502, "secret inner workings");
    }

    @GetMapping("/v1/cloudy")
    void cloudy() {
      throw SdkClientException.create("secret inner workings");
    }
  }
}
