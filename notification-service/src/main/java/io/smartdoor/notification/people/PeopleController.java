package io.smartdoor.notification.people;

import io.smartdoor.events.Identifiers;
import io.smartdoor.events.UserReference;
import io.smartdoor.http.Refusal;
import io.smartdoor.http.RequestFields;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.AdditionalPropertiesValue;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/v1/people/{store}/{id}")
@Tag(
    name = "people",
    description =
        "What to call people on a phone. Events name a person by an id in a store, never by name.")
class PeopleController {

  private static final String JSON = "application/json";
  private static final String STORE_FORM = "^" + Identifiers.FORM + "$";
  private static final String ID_FORM = "^" + UserReference.ID_FORM + "$";
  private static final String NAME_FORM = "^" + DisplayName.FORM + "$";

  private final People people;

  PeopleController(People people) {
    this.people = people;
  }

  @Schema(name = "Naming", additionalProperties = AdditionalPropertiesValue.FALSE)
  record Naming(
      @Schema(
              requiredMode = Schema.RequiredMode.REQUIRED,
              minLength = 1,
              maxLength = 64,
              pattern = NAME_FORM,
              description = "No control characters, no blank at either end.",
              example = "Anna")
          @Nullable String displayName) {}

  @Schema(name = "Person")
  record Person(
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED, pattern = STORE_FORM) String store,
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED, pattern = ID_FORM) String id,
      @Schema(
              requiredMode = Schema.RequiredMode.REQUIRED,
              minLength = 1,
              maxLength = 64,
              pattern = NAME_FORM)
          String displayName) {

    static Person of(UserReference person, DisplayName name) {
      return new Person(person.store(), person.id(), name.value());
    }
  }

  @GetMapping
  @Operation(operationId = "get-person", summary = "What a person is called")
  @ApiResponse(responseCode = "200", description = "This.", useReturnTypeSchema = true)
  @ApiResponse(responseCode = "404", description = "Nobody has said what to call them.")
  Person get(
      @Parameter(schema = @Schema(type = "string", pattern = STORE_FORM)) @PathVariable
          String store,
      @Parameter(schema = @Schema(type = "string", pattern = ID_FORM)) @PathVariable String id) {
    var person = reference(store, id);
    return people
        .nameOf(person)
        .map(name -> Person.of(person, name))
        .orElseThrow(() ->
            new Refusal(
                HttpStatus.NOT_FOUND,
                "nobody has said what to call %s of %s".formatted(id, store)));
  }

  @PutMapping
  @Operation(
      operationId = "put-person",
      summary = "Say what to call a person",
      description =
          "It counts for every event that is accepted after the answer. Entries that stand in an"
              + " inbox keep the name they were written with.")
  @ApiResponse(
      responseCode = "200",
      description = "They were called something before.",
      content = @Content(mediaType = JSON, schema = @Schema(implementation = Person.class)))
  @ApiResponse(
      responseCode = "201",
      description = "They had no name before.",
      content = @Content(mediaType = JSON, schema = @Schema(implementation = Person.class)))
  ResponseEntity<Person> put(
      @Parameter(schema = @Schema(type = "string", pattern = STORE_FORM)) @PathVariable
          String store,
      @Parameter(schema = @Schema(type = "string", pattern = ID_FORM)) @PathVariable String id,
      @RequestBody Naming naming) {
    var person = reference(store, id);
    var name = RequestFields.required("display-name", naming.displayName(), DisplayName::new);
    var isNew = people.put(person, name);
    return ResponseEntity.status(isNew ? HttpStatus.CREATED : HttpStatus.OK)
        .body(Person.of(person, name));
  }

  @DeleteMapping
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "delete-person",
      summary = "Forget what a person is called",
      description =
          "Repeatable. Another instance may still write the name for two seconds, about events"
              + " that were accepted before. Entries that stand in an inbox keep it.")
  @ApiResponse(responseCode = "204", description = "They have no name (any more).")
  void delete(
      @Parameter(schema = @Schema(type = "string", pattern = STORE_FORM)) @PathVariable
          String store,
      @Parameter(schema = @Schema(type = "string", pattern = ID_FORM)) @PathVariable String id) {
    people.remove(reference(store, id));
  }

  private static UserReference reference(String store, String id) {
    if (!UserReference.isValidStore(store)) {
      throw Refusal.ofField(
          HttpStatus.BAD_REQUEST,
          "store",
          "expected the form %s, found \"%s\"".formatted(STORE_FORM, store));
    }
    return RequestFields.required("id", id, it -> new UserReference(it, store));
  }
}
