package io.smartdoor.lock.snapshot;

import static org.springframework.http.MediaType.APPLICATION_JSON_VALUE;
import static org.springframework.http.MediaType.IMAGE_JPEG_VALUE;
import static org.springframework.http.MediaType.IMAGE_PNG_VALUE;

import com.github.benmanes.caffeine.cache.Ticker;
import io.smartdoor.events.DoorId;
import io.smartdoor.http.Refusal;
import io.smartdoor.lock.door.Door;
import io.smartdoor.lock.outbox.BodyDigest;
import io.smartdoor.lock.webhook.Allowances;
import io.smartdoor.lock.webhook.Gate;
import io.smartdoor.lock.webhook.SnapshotId;
import io.smartdoor.lock.webhook.Source;
import io.smartdoor.lock.webhook.WebhookHeaders;
import io.smartdoor.lock.webhook.WebhookMetrics.Reason;
import io.smartdoor.lock.webhook.WebhookMetrics.Shed;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Where doors send pictures. Nothing of a picture is looked at before its signature is verified.
 */
@RestController
@Tag(name = "Snapshots")
final class SnapshotController {

  static final String PATH = "/v1/doors/{id}/snapshots/{snapshot}";

  /** Of a body, in bytes: 5 MiB, as much as Rekognition takes of a picture at once. */
  static final int MAX_BODY = 5 * 1024 * 1024;

  private static final String REPLAYED = "Idempotency-Replayed";

  private static final Logger log = LoggerFactory.getLogger(SnapshotController.class);

  private final Gate gate;
  private final UploadPlaces places;
  private final Allowances<DoorId> doors;
  private final Pictures pictures;
  private final Snapshots snapshots;
  private final Duration patience;
  private final Ticker ticker;
  private final Clock clock;

  /**
   * @param patience how long a body may take to arrive
   */
  SnapshotController(
      Gate gate,
      UploadPlaces places,
      Allowances<DoorId> doors,
      Pictures pictures,
      Snapshots snapshots,
      Duration patience,
      Ticker ticker,
      Clock clock) {
    this.gate = gate;
    this.places = places;
    this.doors = doors;
    this.pictures = pictures;
    this.snapshots = snapshots;
    this.patience = patience;
    this.ticker = ticker;
    this.clock = clock;
  }

  @PutMapping(path = PATH, produces = APPLICATION_JSON_VALUE)
  @Operation(
      summary = "Takes a picture, which the door's events may name",
      description =
          "Signed as events are, with the picture's UUID as `webhook-id`. Of the picture its pixels"
              + " are kept, upright, for some days; nothing else that a camera writes into a file."
              + " The same picture sent again gets its first answer again. 429 and 503 are to be"
              + " tried again, after as many seconds as `Retry-After` says.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              required = true,
              description = "At most 5 MiB.",
              content = {
                @Content(
                    mediaType = IMAGE_JPEG_VALUE,
                    schema = @Schema(type = "string", format = "binary")),
                @Content(
                    mediaType = IMAGE_PNG_VALUE,
                    schema = @Schema(type = "string", format = "binary"))
              }))
  @Parameter(
      in = ParameterIn.PATH,
      name = "id",
      description = "The door's id.",
      schema = @Schema(type = "string", pattern = "^" + DoorId.FORM + "$"))
  @Parameter(
      in = ParameterIn.PATH,
      name = "snapshot",
      description = "What the door calls the picture.",
      schema = @Schema(type = "string", format = "uuid", pattern = "^" + SnapshotId.FORM + "$"))
  @Parameter(
      in = ParameterIn.HEADER,
      name = WebhookHeaders.ID,
      required = true,
      description = "The same UUID.",
      schema = @Schema(type = "string", format = "uuid", pattern = "^" + SnapshotId.FORM + "$"))
  @Parameter(
      in = ParameterIn.HEADER,
      name = WebhookHeaders.TIMESTAMP,
      required = true,
      description = "Seconds since 1970, within five minutes of the service's clock.",
      schema = @Schema(type = "string", pattern = "^" + WebhookHeaders.TIMESTAMP_FORM + "$"))
  @Parameter(
      in = ParameterIn.HEADER,
      name = WebhookHeaders.SIGNATURE,
      required = true,
      description =
          "`v1,` and the base64 of HMAC-SHA256 over `webhook-id.webhook-timestamp.body`; several"
              + " are separated by spaces.",
      schema = @Schema(type = "string", minLength = 1))
  @ApiResponse(
      responseCode = "201",
      description = "The picture is stored.",
      headers =
          @Header(
              name = REPLAYED,
              description = "Present where this is the answer to an earlier, same request.",
              schema = @Schema(type = "string", allowableValues = "true")))
  @ApiResponse(
      responseCode = "400",
      description =
          "Something in the request is missing or wrong (`errors` names the field), or the picture"
              + " is cut off or damaged.")
  @ApiResponse(
      responseCode = "401",
      description = "There is no such door, or it did not sign this, or not within five minutes.",
      headers =
          @Header(
              name = HttpHeaders.WWW_AUTHENTICATE,
              required = true,
              schema = @Schema(type = "string")))
  @ApiResponse(responseCode = "408", description = "The body took too long to arrive.")
  @ApiResponse(responseCode = "415", description = "The body is not what its content type says.")
  @ApiResponse(
      responseCode = "422",
      description = "The UUID stands for another picture, or the picture has too many pixels.")
  @ApiResponse(
      responseCode = "429",
      description =
          "The door sends too many pictures, or too much came from this address that no door has"
              + " signed. Nothing is stored.",
      headers =
          @Header(
              name = HttpHeaders.RETRY_AFTER,
              required = true,
              description = "In seconds.",
              schema = @Schema(type = "integer", minimum = "1")))
  @ApiResponse(
      responseCode = "503",
      description =
          "Too much is in hand, and nothing was read; or what the service stores pictures in is out"
              + " of reach, and whether this one is stored shows when it is sent again.",
      headers =
          @Header(
              name = HttpHeaders.RETRY_AFTER,
              required = true,
              description = "In seconds.",
              schema = @Schema(type = "integer", minimum = "1")))
  ResponseEntity<SnapshotReceipt> store(
      @Parameter(hidden = true) @PathVariable String id,
      @Parameter(hidden = true) @PathVariable("snapshot") String snapshotId,
      HttpServletRequest request,
      HttpServletResponse response) {
    var visit = gate.visit(request, response);
    visit.demandPlainBody();
    var declared = visit.demanded(Reason.MEDIA_TYPE, () -> declared(request.getContentType()));
    var headers = visit.headers();
    return places
        .work(
            Source.of(request.getRemoteAddr()),
            () -> {
              var since = ticker.read();
              var body = visit.body(MAX_BODY, () -> ticker.read() - since > patience.toNanos());
              var door = visit.sender(id, headers, body, clock.instant());
              var snapshot =
                  gate.counting(Reason.IDEMPOTENCY_KEY, () -> named(snapshotId, headers));
              return store(door, snapshot, declared, body, response);
            })
        .orElseThrow(() -> gate.shed(Shed.FULL, response));
  }

  private ResponseEntity<SnapshotReceipt> store(
      Door door, SnapshotId id, PictureFormat declared, byte[] body, HttpServletResponse response) {
    var wait = doors.take(door.id());
    if (wait.isPositive()) {
      gate.metrics().refused(Reason.RATE);
      log.info("put snapshot {} of door {} off: the door sends too many", id, door.id());
      throw gate.tooMany(response, "this door sends too many pictures", wait);
    }
    var picture = gate.counting(Reason.BODY, () -> picture(declared, body));
    var snapshot = new Snapshot(door.id(), id, BodyDigest.of(body), picture);
    return switch (snapshots.store(snapshot)) {
      case Storing.New _ -> {
        gate.metrics().accepted();
        log.info("stored snapshot {} of door {}", id, door.id());
        yield answer().body(SnapshotReceipt.of(snapshot));
      }
      case Storing.Replayed _ -> {
        gate.metrics().replayed();
        log.info("stored snapshot {} of door {} before", id, door.id());
        doors.giveBack(door.id());
        yield answer().header(REPLAYED, "true").body(SnapshotReceipt.of(snapshot));
      }
      case Storing.Conflicting _ -> {
        gate.metrics().refused(Reason.CONFLICT);
        log.info("refused snapshot {} of door {}: it is another picture's", id, door.id());
        throw Refusal.ofField(
            HttpStatus.UNPROCESSABLE_CONTENT,
            WebhookHeaders.ID,
            "%s stands for another picture".formatted(id));
      }
    };
  }

  private static ResponseEntity.BodyBuilder answer() {
    return ResponseEntity.status(HttpStatus.CREATED);
  }

  private Picture picture(PictureFormat declared, byte[] body) {
    return switch (pictures.check(body)) {
      case PictureCheck.Sound(var format, var picture) -> {
        demandSame(declared, format);
        yield picture;
      }
      case PictureCheck.Unknown _ ->
          throw new Refusal(
              HttpStatus.UNSUPPORTED_MEDIA_TYPE, "expected a JPEG or a PNG, found neither");
      case PictureCheck.TooManyPixels(var width, var height, var most) ->
          throw new Refusal(
              HttpStatus.UNPROCESSABLE_CONTENT,
              "expected at most %d pixels, found %d x %d".formatted(most, width, height));
      case PictureCheck.Unusable(var problem) -> throw new Refusal(HttpStatus.BAD_REQUEST, problem);
    };
  }

  private static void demandSame(PictureFormat declared, PictureFormat found) {
    if (found != declared) {
      throw Refusal.ofField(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          HttpHeaders.CONTENT_TYPE,
          "expected what the body is, %s".formatted(found.mediaType()));
    }
  }

  private static PictureFormat declared(@Nullable String contentType) {
    return typeOf(contentType)
        .flatMap(type ->
            Arrays.stream(PictureFormat.values())
                .filter(it -> type.equalsTypeAndSubtype(MediaType.parseMediaType(it.mediaType())))
                .findFirst())
        .orElseThrow(() ->
            Refusal.ofField(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                HttpHeaders.CONTENT_TYPE,
                "expected image/jpeg or image/png"));
  }

  private static Optional<MediaType> typeOf(@Nullable String contentType) {
    try {
      return Optional.ofNullable(contentType).map(MediaType::parseMediaType);
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static SnapshotId named(String path, WebhookHeaders headers) {
    var id = parsed("snapshot", path);
    if (!parsed(WebhookHeaders.ID, headers.id().value()).equals(id)) {
      throw Refusal.ofField(
          HttpStatus.BAD_REQUEST,
          WebhookHeaders.ID,
          "expected the picture's own, %s".formatted(id));
    }
    return id;
  }

  private static SnapshotId parsed(String field, String text) {
    try {
      return SnapshotId.of(text);
    } catch (IllegalArgumentException e) {
      throw Refusal.ofField(HttpStatus.BAD_REQUEST, field, String.valueOf(e.getMessage()));
    }
  }
}
