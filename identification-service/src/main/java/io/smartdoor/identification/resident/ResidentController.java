package io.smartdoor.identification.resident;

import io.smartdoor.events.UserReference;
import io.smartdoor.http.PageLimit;
import io.smartdoor.http.Refusal;
import io.smartdoor.http.RequestFields;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.Supplier;
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

/**
 * Residents over HTTP. Whoever has the admin token may see everything here, so an answer may name
 * whose a credential is.
 */
@RestController
@RequestMapping("/v1/residents")
class ResidentController {

  private static final String ID_PATTERN = "^" + ResidentId.FORM + "$";
  private static final String CREDENTIAL_ID_PATTERN = "^" + UserReference.ID_FORM + "$";
  private static final int MAX_ID_LENGTH = 64;
  private static final int MAX_CREDENTIAL_ID_LENGTH = 128;

  private final Residents residents;

  ResidentController(Residents residents) {
    this.residents = residents;
  }

  @Operation(
      operationId = "putResident",
      summary = "Register a resident, or replace all their credentials")
  @ApiResponse(
      responseCode = "200",
      description = "The resident has these credentials now, and no others.",
      content = @Content(schema = @Schema(implementation = ResidentBody.class)))
  @ApiResponse(
      responseCode = "201",
      description = "The resident is new.",
      content = @Content(schema = @Schema(implementation = ResidentBody.class)))
  @ApiResponse(
      responseCode = "409",
      description =
          "Credentials that `errors` names belong to other residents. Nothing was changed.")
  @PutMapping("/{id}")
  ResponseEntity<ResidentBody> put(
      @Parameter(schema = @Schema(pattern = ID_PATTERN, maxLength = MAX_ID_LENGTH)) @PathVariable
          String id,
      @RequestBody RegistrationBody body) {
    var given =
        RequestFields.required("credentials", body.credentials(), ResidentController::credentials);
    var resident = Resident.of(idOf(id), given);
    var status =
        switch (orBusy(() -> residents.register(resident))) {
          case Registration.Created() -> HttpStatus.CREATED;
          case Registration.Replaced() -> HttpStatus.OK;
          case Registration.Taken(var owners) -> throw taken(given, owners);
        };
    return ResponseEntity.status(status).body(ResidentBody.of(resident));
  }

  @Operation(operationId = "getResident", summary = "A resident with all their credentials")
  @ApiResponse(responseCode = "200", description = "The resident.", useReturnTypeSchema = true)
  @ApiResponse(responseCode = "404", description = "There is no such resident.")
  @GetMapping("/{id}")
  ResidentBody get(
      @Parameter(schema = @Schema(pattern = ID_PATTERN, maxLength = MAX_ID_LENGTH)) @PathVariable
          String id) {
    var residentId = idOf(id);
    return residents.find(residentId).map(ResidentBody::of).orElseThrow(() -> unknown(residentId));
  }

  @Operation(operationId = "listResidents", summary = "All residents, in no particular order")
  @ApiResponse(responseCode = "200", description = "A page.", useReturnTypeSchema = true)
  @GetMapping
  ResidentsBody list(
      @Parameter(
              description = "How many at most.",
              schema =
                  @Schema(
                      type = "integer",
                      minimum = "1",
                      maximum = "" + PageLimit.MAX,
                      defaultValue = "" + PageLimit.DEFAULT))
          @RequestParam(required = false)
          @Nullable String limit,
      @Parameter(
              description = "The `next` of the page before.",
              schema = @Schema(pattern = ID_PATTERN, maxLength = MAX_ID_LENGTH))
          @RequestParam(required = false)
          @Nullable String cursor) {
    return ResidentsBody.of(
        residents.list(
            PageLimit.of(limit).value(),
            RequestFields.optional("cursor", cursor, ResidentId::new)));
  }

  @Operation(operationId = "deleteResident", summary = "Forget a resident and their credentials")
  @ApiResponse(responseCode = "204", description = "The resident and their credentials are gone.")
  @ApiResponse(responseCode = "404", description = "There is no such resident.")
  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(
      @Parameter(schema = @Schema(pattern = ID_PATTERN, maxLength = MAX_ID_LENGTH)) @PathVariable
          String id) {
    var residentId = idOf(id);
    if (!orBusy(() -> residents.remove(residentId))) {
      throw unknown(residentId);
    }
  }

  private static ResidentId idOf(String id) {
    return RequestFields.required("id", id, ResidentId::new);
  }

  /** In the order given, which the answers to a refusal count by. */
  private static List<Credential> credentials(List<@Nullable CredentialBody> given) {
    if (given.size() > Resident.MAX_CREDENTIALS) {
      throw new IllegalArgumentException(
          "expected at most %d, found %d".formatted(Resident.MAX_CREDENTIALS, given.size()));
    }
    var positions = new HashMap<Credential, Integer>();
    var credentials = new ArrayList<Credential>();
    for (int i = 0; i < given.size(); i++) {
      var credential =
          RequestFields.required(fieldOf(i), given.get(i), CredentialBody.at(fieldOf(i)));
      var before = positions.putIfAbsent(credential, i);
      if (before != null) {
        throw Refusal.ofField(
            HttpStatus.BAD_REQUEST, fieldOf(i), "is the same as %s".formatted(fieldOf(before)));
      }
      credentials.add(credential);
    }
    return credentials;
  }

  private static Refusal unknown(ResidentId id) {
    return new Refusal(HttpStatus.NOT_FOUND, "there is no resident %s".formatted(id));
  }

  private static Refusal taken(List<Credential> given, SortedMap<Credential, ResidentId> owners) {
    return new Refusal(
        HttpStatus.CONFLICT,
        "a credential belongs to one resident: %s"
            .formatted(
                String.join(", ", owners.keySet().stream().map(Credential::toString).toList())),
        owners.entrySet().stream()
            .map(it ->
                new Refusal.FieldError(
                    fieldOf(given.indexOf(it.getKey())),
                    "%s belongs to resident %s".formatted(it.getKey(), it.getValue())))
            .toList());
  }

  private static <T> T orBusy(Supplier<T> change) {
    try {
      return change.get();
    } catch (ContendedException e) {
      throw new Refusal(
          HttpStatus.SERVICE_UNAVAILABLE, "residents are being changed by others: try again");
    }
  }

  private static String fieldOf(int index) {
    return "credentials[%d]".formatted(index);
  }

  @Schema(name = "Registration", additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
  record RegistrationBody(
      @ArraySchema(
              maxItems = Resident.MAX_CREDENTIALS,
              uniqueItems = true,
              arraySchema =
                  @Schema(
                      description = "All credentials; may be none.",
                      requiredMode = Schema.RequiredMode.REQUIRED))
          @Nullable List<@Nullable CredentialBody> credentials) {}

  @Schema(name = "Credential", additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
  record CredentialBody(
      @Schema(
              description = "Any but `residents`.",
              pattern = ID_PATTERN,
              maxLength = MAX_ID_LENGTH,
              example = "keypad",
              requiredMode = Schema.RequiredMode.REQUIRED)
          @Nullable String store,
      @Schema(
              description = "What the store knows the resident by.",
              pattern = CREDENTIAL_ID_PATTERN,
              maxLength = MAX_CREDENTIAL_ID_LENGTH,
              example = "1047",
              requiredMode = Schema.RequiredMode.REQUIRED)
          @Nullable String id) {

    static CredentialBody of(Credential credential) {
      return new CredentialBody(credential.store(), credential.id());
    }

    static Function<CredentialBody, Credential> at(String field) {
      return body -> {
        var store =
            RequestFields.required(field + ".store", body.store(), Credential::checkedStore);
        return RequestFields.required(field + ".id", body.id(), id -> new Credential(store, id));
      };
    }
  }

  @Schema(name = "Resident", additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
  record ResidentBody(
      @Schema(
              pattern = ID_PATTERN,
              maxLength = MAX_ID_LENGTH,
              requiredMode = Schema.RequiredMode.REQUIRED)
          String id,
      @ArraySchema(
              maxItems = Resident.MAX_CREDENTIALS,
              uniqueItems = true,
              arraySchema =
                  @Schema(
                      description = "By store, then id.",
                      requiredMode = Schema.RequiredMode.REQUIRED))
          List<CredentialBody> credentials) {

    static ResidentBody of(Resident resident) {
      return new ResidentBody(
          resident.id().value(), resident.credentials().stream().map(CredentialBody::of).toList());
    }
  }

  @Schema(name = "Residents", additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
  record ResidentsBody(
      @ArraySchema(arraySchema = @Schema(requiredMode = Schema.RequiredMode.REQUIRED))
          List<ResidentBody> items,
      @Schema(
              description = "The `cursor` of the next page; absent on the last.",
              type = "string",
              pattern = ID_PATTERN,
              maxLength = MAX_ID_LENGTH)
          Optional<String> next) {

    static ResidentsBody of(ResidentPage page) {
      return new ResidentsBody(
          page.items().stream().map(ResidentBody::of).toList(), page.next().map(ResidentId::value));
    }
  }
}
