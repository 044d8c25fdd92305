package io.smartdoor.notification.recipient;

import io.smartdoor.http.PageLimit;
import io.smartdoor.http.Refusal;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.AdditionalPropertiesValue;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/v1/recipients")
@Tag(name = "recipients", description = "Who hears of the doors.")
class RecipientController {

  private static final String JSON = "application/json";
  private static final String ID_FORM = "^" + RecipientId.FORM + "$";

  private final Recipients recipients;
  private final Register register;

  RecipientController(Recipients recipients, Register register) {
    this.recipients = recipients;
    this.register = register;
  }

  @Schema(name = "Preferences", additionalProperties = AdditionalPropertiesValue.FALSE)
  record Preferences(
      @Schema(
              description = "Whether to hear of doors that close, too.",
              defaultValue = "false",
              nullable = true)
          @Nullable Boolean includeClosed) {}

  @Schema(name = "Recipient")
  record RecipientDocument(
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED, pattern = ID_FORM) String id,
      @Schema(
              requiredMode = Schema.RequiredMode.REQUIRED,
              description = "Whether they hear of doors that close, too.")
          boolean includeClosed) {

    static RecipientDocument of(Recipient recipient) {
      return new RecipientDocument(recipient.id().value(), recipient.includeClosed());
    }
  }

  @Schema(name = "RecipientPage")
  record RecipientPage(
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) List<RecipientDocument> items,
      @Schema(
              pattern = ID_FORM,
              description = "What to pass as `after` for the next page; absent on the last one.")
          Optional<String> next) {}

  @GetMapping
  @Operation(
      operationId = "list-recipients",
      summary = "All recipients",
      description = "In no particular order, which stays the same from page to page.")
  @ApiResponse(responseCode = "200", description = "Some of them.", useReturnTypeSchema = true)
  RecipientPage list(
      @Parameter(
              description = "The `next` of the page before; the first page without it.",
              schema = @Schema(type = "string", pattern = ID_FORM))
          @RequestParam(required = false)
          @Nullable RecipientId after,
      @Parameter(
              description = "How many at most.",
              schema =
                  @Schema(type = "integer", minimum = "1", maximum = "100", defaultValue = "20"))
          @RequestParam(required = false)
          @Nullable String limit) {
    var page = recipients.page(Optional.ofNullable(after), PageLimit.of(limit).value());
    return new RecipientPage(
        page.recipients().stream().map(RecipientDocument::of).toList(),
        page.next().map(RecipientId::value));
  }

  @GetMapping("/{id}")
  @Operation(operationId = "get-recipient", summary = "One recipient")
  @ApiResponse(responseCode = "200", description = "This one.", useReturnTypeSchema = true)
  @ApiResponse(responseCode = "404", description = "There is no such recipient.")
  RecipientDocument get(
      @Parameter(schema = @Schema(type = "string", pattern = ID_FORM)) @PathVariable
          RecipientId id) {
    return recipients
        .find(id)
        .map(RecipientDocument::of)
        .orElseThrow(() -> new Refusal(HttpStatus.NOT_FOUND, "there is no recipient " + id));
  }

  @PutMapping("/{id}")
  @Operation(
      operationId = "put-recipient",
      summary = "Register a recipient, or replace their preferences",
      description =
          "From now on they hear of all doors: of every event that is accepted after the answer."
              + " Without a body, or without a preference in it, the preference has its default."
              + " Repeatable.")
  @ApiResponse(
      responseCode = "200",
      description = "They were registered before; these are the preferences now.",
      content =
          @Content(mediaType = JSON, schema = @Schema(implementation = RecipientDocument.class)))
  @ApiResponse(
      responseCode = "201",
      description = "They are new, with an empty inbox.",
      content =
          @Content(mediaType = JSON, schema = @Schema(implementation = RecipientDocument.class)))
  ResponseEntity<RecipientDocument> put(
      @Parameter(schema = @Schema(type = "string", pattern = ID_FORM)) @PathVariable RecipientId id,
      @RequestBody(required = false) @Nullable Preferences preferences) {
    var includeClosed = preferences == null ? null : preferences.includeClosed();
    var recipient = new Recipient(id, includeClosed != null && includeClosed);
    var isNew = register.put(recipient);
    return ResponseEntity.status(isNew ? HttpStatus.CREATED : HttpStatus.OK)
        .body(RecipientDocument.of(recipient));
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "delete-recipient",
      summary = "Remove a recipient and their inbox",
      description =
          "Repeatable; what a failure left half done, the next call finishes. Who registers under"
              + " the same id later begins with an empty inbox, numbered from 1.")
  @ApiResponse(responseCode = "204", description = "There is no such recipient (any more).")
  void delete(
      @Parameter(schema = @Schema(type = "string", pattern = ID_FORM)) @PathVariable
          RecipientId id) {
    register.remove(id);
  }
}
