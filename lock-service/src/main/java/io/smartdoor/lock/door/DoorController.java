package io.smartdoor.lock.door;

import static org.springframework.http.MediaType.APPLICATION_JSON_VALUE;

import io.smartdoor.events.DoorId;
import io.smartdoor.http.PageLimit;
import io.smartdoor.http.Refusal;
import io.smartdoor.http.RequestFields;
import io.smartdoor.lock.outbox.HistoryPosition;
import io.smartdoor.lock.outbox.Outbox;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.net.URI;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Gatherers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The doors, for whoever administers them. */
@RestController
@RequestMapping(path = "/v1/doors", produces = APPLICATION_JSON_VALUE)
@Tag(name = "Doors")
final class DoorController {

  private static final Logger log = LoggerFactory.getLogger(DoorController.class);

  /** How many doors' states are looked up side by side. */
  private static final int AT_A_TIME = 16;

  private final Doors doors;
  private final Outbox outbox;
  private final SecureRandom random;

  DoorController(Doors doors, Outbox outbox, SecureRandom random) {
    this.doors = doors;
    this.outbox = outbox;
    this.random = random;
  }

  @PostMapping(consumes = APPLICATION_JSON_VALUE)
  @Operation(
      summary = "Registers a door",
      description = "The answer holds the secret that the door signs with. It is not shown again.")
  @ApiResponse(
      responseCode = "201",
      description = "The door is registered.",
      headers =
          @Header(
              name = "Location",
              required = true,
              description = "The door's path.",
              schema = @Schema(type = "string")))
  @ApiResponse(responseCode = "409", description = "A door with this id exists.")
  ResponseEntity<DoorViews.Registered> register(@RequestBody DoorViews.New body) {
    var door =
        new Door(
            RequestFields.required("id", body.id(), DoorId::new),
            RequestFields.required("name", body.name(), DoorName::new));
    var key = DoorKey.generate(random);
    if (!doors.add(door, key)) {
      throw Refusal.ofField(
          HttpStatus.CONFLICT, "id", "door %s is registered already".formatted(door.id()));
    }
    log.info("registered door {}", door.id());
    return ResponseEntity.created(URI.create("/v1/doors/" + door.id()))
        .body(DoorViews.Registered.of(door, key));
  }

  @GetMapping
  @Operation(
      summary = "Lists the doors and what state each is in",
      description = "By id. A state may lag by a moment behind the last accepted webhook.")
  @ApiResponse(responseCode = "200", description = "A page of the doors.")
  DoorViews.Page all(
      @Limit @RequestParam(required = false) @Nullable String limit,
      @Parameter(
              description = "`next` of the page before.",
              schema = @Schema(type = "string", pattern = "^" + DoorId.FORM + "$"))
          @RequestParam(required = false)
          @Nullable String cursor) {
    var size = PageLimit.of(limit);
    var page = doors.page(size.value(), RequestFields.optional("cursor", cursor, DoorId::new));
    return DoorViews.Page.of(withStates(page.items()), page.next());
  }

  /** In the same order; at most some at a time, so that a page does not take every connection. */
  private List<DoorViews.Current> withStates(List<Door> doors) {
    return doors.stream().gather(Gatherers.mapConcurrent(AT_A_TIME, this::withState)).toList();
  }

  @GetMapping("/{id}")
  @Operation(
      summary = "Shows a door and what state it is in",
      description = "The state may lag by a moment behind the last accepted webhook.")
  @ApiResponse(responseCode = "200", description = "The door.")
  @ApiResponse(responseCode = "404", description = "There is no such door.")
  DoorViews.Current one(@InPath @PathVariable DoorId id) {
    return withState(existing(id));
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      summary = "Removes a door",
      description =
          "Its webhooks are refused from now on; by other instances of the service, some seconds"
              + " later. What it reported so far stays.")
  @ApiResponse(responseCode = "204", description = "The door is gone.")
  @ApiResponse(responseCode = "404", description = "There is no such door.")
  void remove(@InPath @PathVariable DoorId id) {
    if (!doors.remove(id)) {
      throw unknown(id);
    }
    log.info("removed door {}", id);
  }

  @GetMapping("/{id}/events")
  @Operation(
      summary = "Lists what a door reported, latest first",
      description = "By when it occurred. May lag by a moment behind the last accepted webhook.")
  @ApiResponse(responseCode = "200", description = "A page of the door's events.")
  @ApiResponse(responseCode = "404", description = "There is no such door.")
  DoorViews.Events events(
      @InPath @PathVariable DoorId id,
      @Limit @RequestParam(required = false) @Nullable String limit,
      @Parameter(
              description = "`next` of the page before.",
              schema = @Schema(type = "string", maxLength = 128))
          @RequestParam(required = false)
          @Nullable String cursor) {
    var size = PageLimit.of(limit);
    var before = RequestFields.optional("cursor", cursor, HistoryPosition::ofCursor);
    existing(id);
    return DoorViews.Events.of(outbox.history(id, size.value(), before));
  }

  private DoorViews.Current withState(Door door) {
    return DoorViews.Current.of(door, outbox.newest(door.id()));
  }

  private Door existing(DoorId id) {
    return doors.find(id).orElseThrow(() -> unknown(id));
  }

  private static Refusal unknown(DoorId id) {
    return new Refusal(HttpStatus.NOT_FOUND, "there is no door %s".formatted(id));
  }

  @Parameter(
      in = ParameterIn.PATH,
      description = "The door's id.",
      schema = @Schema(type = "string", pattern = "^" + DoorId.FORM + "$"))
  @Retention(RetentionPolicy.RUNTIME)
  private @interface InPath {}

  @Parameter(
      description = "How many items at most.",
      schema =
          @Schema(
              type = "integer",
              minimum = "1",
              maximum = "" + PageLimit.MAX,
              defaultValue = "" + PageLimit.DEFAULT))
  @Retention(RetentionPolicy.RUNTIME)
  private @interface Limit {}
}
