package io.smartdoor.lock.outbox;

import static org.springframework.http.MediaType.APPLICATION_JSON_VALUE;

import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.http.PageLimit;
import io.smartdoor.http.Refusal;
import io.smartdoor.http.RequestFields;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What the event bus refused for good, for whoever decides what becomes of it. */
@RestController
@RequestMapping(path = "/v1/parked-events", produces = APPLICATION_JSON_VALUE)
@Tag(name = "Parked events")
final class ParkedEventController {

  private static final Logger log = LoggerFactory.getLogger(ParkedEventController.class);

  private final ParkedEvents events;
  private final RelayPolicy policy;
  private final Clock clock;

  ParkedEventController(ParkedEvents events, RelayPolicy policy, Clock clock) {
    this.events = events;
    this.policy = policy;
    this.clock = clock;
  }

  @GetMapping
  @Operation(
      summary = "Lists what the event bus refused for good",
      description = "What was parked first comes first. May lag by a moment.")
  @ApiResponse(responseCode = "200", description = "A page of the parked events.")
  ParkedEventViews.Page all(
      @Parameter(
              description = "How many items at most.",
              schema =
                  @Schema(
                      type = "integer",
                      minimum = "1",
                      maximum = "" + PageLimit.MAX,
                      defaultValue = "" + PageLimit.DEFAULT))
          @RequestParam(required = false)
          @Nullable String limit,
      @Parameter(
              description = "`next` of the page before.",
              schema = @Schema(type = "string", maxLength = 128))
          @RequestParam(required = false)
          @Nullable String cursor) {
    return ParkedEventViews.Page.of(
        events.page(
            PageLimit.of(limit).value(),
            RequestFields.optional("cursor", cursor, HistoryPosition::ofCursor)));
  }

  @GetMapping("/{key}")
  @Operation(summary = "Shows a parked event")
  @ApiResponse(responseCode = "200", description = "The event.")
  @ApiResponse(responseCode = "404", description = "No event is parked under this key.")
  ParkedEventViews.Parked one(@InPath @PathVariable IdempotencyKey key) {
    return events.find(key).map(ParkedEventViews.Parked::of).orElseThrow(() -> unknown(key));
  }

  @PostMapping("/{key}/redrive")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Operation(
      summary = "Gives a parked event to the event bus once more",
      description = "It is pending again, and published within seconds or parked again.")
  @ApiResponse(responseCode = "202", description = "The event is pending.")
  @ApiResponse(responseCode = "404", description = "Nothing was accepted under this key.")
  @ApiResponse(responseCode = "409", description = "The event is not parked (any more).")
  void redrive(@InPath @PathVariable IdempotencyKey key) {
    demandDone(key, events.redrive(key, clock.instant()));
    log.info("redriven {}", key);
  }

  @DeleteMapping("/{key}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      summary = "Gives a parked event up",
      description = "It stays in its door's history, and its key stays taken, for 90 days.")
  @ApiResponse(responseCode = "204", description = "The event is dropped.")
  @ApiResponse(responseCode = "404", description = "Nothing was accepted under this key.")
  @ApiResponse(responseCode = "409", description = "The event is not parked (any more).")
  void drop(
      @InPath @PathVariable IdempotencyKey key,
      @Parameter(
              required = true,
              description = "Why, in one line; it is kept with the event.",
              schema = @Schema(type = "string", minLength = 1, maxLength = DropReason.MAX_LENGTH))
          @RequestParam(required = false)
          @Nullable String reason) {
    var now = clock.instant();
    demandDone(
        key,
        events.drop(
            key,
            RequestFields.required("reason", reason, DropReason::new),
            now,
            now.plus(policy.retention())));
    log.info("dropped {}", key);
  }

  private static void demandDone(IdempotencyKey key, Unparking unparking) {
    switch (unparking) {
      case Unparking.Done _ -> {}
      case Unparking.Unknown _ -> throw unknown(key);
      case Unparking.NotParked(var state) ->
          throw new Refusal(
              HttpStatus.CONFLICT,
              "expected event %s to be parked, found it %s".formatted(key, state));
    }
  }

  private static Refusal unknown(IdempotencyKey key) {
    return new Refusal(HttpStatus.NOT_FOUND, "there is no parked event %s".formatted(key));
  }

  @Parameter(
      in = ParameterIn.PATH,
      description = "The event's idempotency key.",
      schema = @Schema(type = "string", format = "uuid"))
  @Retention(RetentionPolicy.RUNTIME)
  private @interface InPath {}
}
