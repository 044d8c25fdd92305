package io.smartdoor.lock.webhook;

import static org.springframework.http.MediaType.APPLICATION_JSON_VALUE;

import io.smartdoor.events.DoorId;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.http.Refusal;
import io.smartdoor.http.RequestJson;
import io.smartdoor.lock.door.Door;
import io.smartdoor.lock.outbox.Acceptance;
import io.smartdoor.lock.outbox.BodyDigest;
import io.smartdoor.lock.outbox.Receipt;
import io.smartdoor.lock.webhook.WebhookMetrics.Reason;
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
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Where doors report. Nothing of a webhook is parsed before its signature is verified. */
@RestController
@Tag(name = "Webhooks")
final class WebhookController {

  static final String PATH = "/v1/doors/{id}/events";

  private static final String REPLAYED = "Idempotency-Replayed";

  /** Standard Webhooks names no challenge; HTTP demands one with a 401 (RFC 9110, 15.5.2). */
  private static final String CHALLENGE = "StandardWebhooks";

  private static final Logger log = LoggerFactory.getLogger(WebhookController.class);

  private final WebhookVerifier verifier;
  private final WebhookIntake intake;
  private final RequestJson json;
  private final WebhookMetrics metrics;
  private final Clock clock;

  WebhookController(
      WebhookVerifier verifier,
      WebhookIntake intake,
      RequestJson json,
      WebhookMetrics metrics,
      Clock clock) {
    this.verifier = verifier;
    this.intake = intake;
    this.json = json;
    this.metrics = metrics;
    this.clock = clock;
  }

  @PostMapping(path = PATH, produces = APPLICATION_JSON_VALUE)
  @Operation(
      summary = "Takes what a door reports",
      description =
          "Signed by Standard Webhooks (v1) with the door's secret. `webhook-id` is the idempotency"
              + " key: a UUID stands for itself, anything else becomes a UUID of this door's. A"
              + " repeated webhook gets its first answer again.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              required = true,
              content =
                  @Content(
                      mediaType = APPLICATION_JSON_VALUE,
                      schema = @Schema(implementation = WebhookBody.class))))
  @Parameter(
      in = ParameterIn.PATH,
      name = "id",
      description = "The door's id.",
      schema = @Schema(type = "string", pattern = "^" + DoorId.FORM + "$"))
  @Parameter(
      in = ParameterIn.HEADER,
      name = WebhookHeaders.ID,
      required = true,
      schema = @Schema(type = "string", pattern = "^" + WebhookId.FORM + "$"))
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
  @Parameter(
      in = ParameterIn.HEADER,
      name = WebhookRequest.IDEMPOTENCY_KEY,
      description = "If present, the same as `webhook-id`, with or without quotes.",
      schema = @Schema(type = "string", pattern = "^\"?" + WebhookId.FORM + "\"?$"))
  @ApiResponse(
      responseCode = "202",
      description = "The event is stored and will be published.",
      headers =
          @Header(
              name = REPLAYED,
              description = "Present where this is the answer to an earlier, same webhook.",
              schema = @Schema(type = "string", allowableValues = "true")))
  @ApiResponse(
      responseCode = "401",
      description = "There is no such door, or it did not sign this, or not within five minutes.",
      headers =
          @Header(
              name = HttpHeaders.WWW_AUTHENTICATE,
              required = true,
              schema = @Schema(type = "string")))
  @ApiResponse(
      responseCode = "422",
      description =
          "The key stands for another body or another door's event, or `occurred-at` is in the"
              + " future.")
  ResponseEntity<WebhookReceipt> report(
      @Parameter(hidden = true) @PathVariable String id,
      HttpServletRequest servletRequest,
      HttpServletResponse response) {
    var request = new WebhookRequest(servletRequest);
    var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    var body = counting(Reason.TOO_LARGE, request::body);
    counting(Reason.MEDIA_TYPE, request::demandJson);
    var headers = headers(request, response);
    var door = sender(id, headers, body, now, response);
    var key = counting(Reason.IDEMPOTENCY_KEY, () -> key(door, headers, request));
    var report = counting(Reason.BODY, () -> report(body, now));
    return switch (intake.accept(key, door, report, BodyDigest.of(body), now)) {
      case Acceptance.New(var receipt) -> accepted(receipt);
      case Acceptance.Replayed(var receipt) -> replayed(receipt);
      case Acceptance.Conflicting _ -> throw conflicting(key, door);
    };
  }

  private WebhookHeaders headers(WebhookRequest request, HttpServletResponse response) {
    try {
      return counting(Reason.HEADERS, request::headers);
    } catch (Refusal e) {
      throw e.status() == HttpStatus.UNAUTHORIZED ? challenging(response, e) : e;
    }
  }

  private Door sender(
      String id, WebhookHeaders headers, byte[] body, Instant now, HttpServletResponse response) {
    return switch (verifier.check(id, headers, body, now)) {
      case SignatureCheck.Valid(var door) -> door;
      case SignatureCheck.OutOfTime _ -> {
        metrics.refused(Reason.TIMESTAMP);
        log.info("refused a webhook of {}: its time is off by more than 5 minutes", named(id));
        throw challenging(
            response,
            Refusal.ofField(
                HttpStatus.UNAUTHORIZED,
                WebhookHeaders.TIMESTAMP,
                "expected a time within 5 minutes of %d".formatted(now.getEpochSecond())));
      }
      case SignatureCheck.NoMatch _ -> {
        metrics.refused(Reason.SIGNATURE);
        log.info("refused a webhook: there is no {}, or its secret has not signed this", named(id));
        throw challenging(
            response, new Refusal(HttpStatus.UNAUTHORIZED, "no such door has signed this"));
      }
    };
  }

  /** For the owner's log alone; what cannot be an id is not written there. */
  private static String named(String id) {
    return DoorId.isValid(id) ? "door " + id : "door of such a name";
  }

  private static Refusal challenging(HttpServletResponse response, Refusal refusal) {
    response.setHeader(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE);
    return refusal;
  }

  private DoorReport report(byte[] body, Instant now) {
    var report = DoorReport.of(json.read(body, WebhookBody.class));
    if (report.isAheadOf(now)) {
      throw Refusal.ofField(
          HttpStatus.UNPROCESSABLE_CONTENT,
          "occurred-at",
          "expected a time at most 5 minutes after %s".formatted(now));
    }
    return report;
  }

  private static IdempotencyKey key(Door door, WebhookHeaders headers, WebhookRequest request) {
    var key = headers.id().idempotencyKey(door.id());
    var named = request.idempotencyKey();
    if (named != null && !named.idempotencyKey(door.id()).equals(key)) {
      throw Refusal.ofField(
          HttpStatus.BAD_REQUEST,
          WebhookRequest.IDEMPOTENCY_KEY,
          "expected the same as webhook-id");
    }
    return key;
  }

  private ResponseEntity<WebhookReceipt> accepted(Receipt receipt) {
    metrics.accepted();
    log.info("accepted {} of door {}", receipt.key(), receipt.door());
    return ResponseEntity.accepted().body(WebhookReceipt.of(receipt));
  }

  private ResponseEntity<WebhookReceipt> replayed(Receipt receipt) {
    metrics.replayed();
    log.info("accepted {} of door {} before", receipt.key(), receipt.door());
    return ResponseEntity.accepted().header(REPLAYED, "true").body(WebhookReceipt.of(receipt));
  }

  private Refusal conflicting(IdempotencyKey key, Door door) {
    metrics.refused(Reason.CONFLICT);
    log.info("refused {} of door {}: the key stands for another event", key, door.id());
    return Refusal.ofField(
        HttpStatus.UNPROCESSABLE_CONTENT,
        WebhookHeaders.ID,
        "%s stands for another body or another door's event".formatted(key));
  }

  private void counting(Reason reason, Runnable step) {
    counting(
        reason,
        () -> {
          step.run();
          return reason;
        });
  }

  private <T> T counting(Reason reason, Supplier<T> step) {
    try {
      return step.get();
    } catch (Refusal e) {
      metrics.refused(reason);
      throw e;
    }
  }
}
