package io.smartdoor.lock.webhook;

import static org.springframework.http.MediaType.APPLICATION_JSON_VALUE;

import io.smartdoor.events.DoorId;
import io.smartdoor.events.EventCodec;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.http.Refusal;
import io.smartdoor.http.RequestJson;
import io.smartdoor.lock.door.Door;
import io.smartdoor.lock.outbox.Acceptance;
import io.smartdoor.lock.outbox.BodyDigest;
import io.smartdoor.lock.outbox.Receipt;
import io.smartdoor.lock.webhook.WebhookMetrics.Reason;
import io.smartdoor.lock.webhook.WebhookMetrics.Shed;
import io.smartdoor.messaging.tracing.Step;
import io.smartdoor.messaging.tracing.Traces;
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

  private static final Logger log = LoggerFactory.getLogger(WebhookController.class);

  private final Gate gate;
  private final WebhookIntake intake;
  private final InHand inHand;
  private final RequestJson json;
  private final WebhookMetrics metrics;
  private final Traces traces;
  private final Clock clock;

  WebhookController(
      WebhookVerifier verifier,
      WebhookIntake intake,
      Sources sources,
      InHand inHand,
      RequestJson json,
      WebhookMetrics metrics,
      Traces traces,
      Clock clock) {
    this.gate = new Gate("webhook", verifier, sources, metrics);
    this.intake = intake;
    this.inHand = inHand;
    this.json = json;
    this.metrics = metrics;
    this.traces = traces;
    this.clock = clock;
  }

  @PostMapping(path = PATH, produces = APPLICATION_JSON_VALUE)
  @Operation(
      summary = "Takes what a door reports",
      description =
          "Signed by Standard Webhooks (v1) with the door's secret. `webhook-id` is the idempotency"
              + " key: a UUID stands for itself, anything else becomes a UUID of this door's. A"
              + " repeated webhook gets its first answer again. 429 and 503 are to be tried again,"
              + " under the same `webhook-id`, after as many seconds as `Retry-After` says: that"
              + " loses nothing and doubles nothing.",
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
          "The key stands for another body or another door's event, `occurred-at` is in the"
              + " future, or the event is too large for so many snapshots.")
  @ApiResponse(
      responseCode = "429",
      description =
          "The door reports too much, or too much came from this address that no door has signed."
              + " Nothing is stored.",
      headers =
          @Header(
              name = HttpHeaders.RETRY_AFTER,
              required = true,
              description = "In seconds.",
              schema = @Schema(type = "integer", minimum = "1")))
  @ApiResponse(
      responseCode = "503",
      description =
          "Too much is in hand, and nothing was begun; or what the service stores events in is out"
              + " of reach, and whether this one is stored shows when it is sent again.",
      headers =
          @Header(
              name = HttpHeaders.RETRY_AFTER,
              required = true,
              description = "In seconds.",
              schema = @Schema(type = "integer", minimum = "1")))
  ResponseEntity<WebhookReceipt> report(
      @Parameter(hidden = true) @PathVariable String id,
      HttpServletRequest servletRequest,
      HttpServletResponse response) {
    if (inHand.isFull()) {
      throw gate.shed(Shed.FULL, response);
    }
    var since = inHand.now();
    var visit = gate.visit(servletRequest, response);
    var body = visit.demanded(Reason.TOO_LARGE, visit.request()::body);
    return inHand
        .work(() -> report(id, visit, body, since, response))
        .orElseThrow(() -> gate.shed(Shed.FULL, response));
  }

  private ResponseEntity<WebhookReceipt> report(
      String id, Gate.Visit visit, byte[] body, long since, HttpServletResponse response) {
    var began = clock.instant();
    var now = began.truncatedTo(ChronoUnit.MILLIS);
    var request = visit.request();
    visit.demanded(
        Reason.MEDIA_TYPE,
        () -> {
          request.demandJson();
          return request;
        });
    var headers = visit.headers();
    demandInTime(since, response);
    var door = visit.sender(id, headers, body, now);
    // What no door has signed is no part of any trace: strangers are not to fill a collector.
    try (var step = traces.serving("POST " + PATH, began, request.traceparent())) {
      step.note("http.request.method", "POST")
          .note("http.route", PATH)
          .note("smartdoor.door", door.id().value());
      return answering(step, () -> report(door, headers, request, body, since, now, response));
    }
  }

  private static ResponseEntity<WebhookReceipt> answering(
      Step step, Supplier<ResponseEntity<WebhookReceipt>> work) {
    try {
      var answer = work.get();
      step.note("http.response.status_code", answer.getStatusCode().value());
      return answer;
    } catch (Refusal e) {
      step.note("http.response.status_code", e.status().value());
      if (e.status().is5xxServerError()) {
        step.failed(String.valueOf(e.status().value()));
      }
      throw e;
    } catch (RuntimeException e) {
      step.failed(e.getClass().getName());
      throw e;
    }
  }

  private ResponseEntity<WebhookReceipt> report(
      Door door,
      WebhookHeaders headers,
      WebhookRequest request,
      byte[] body,
      long since,
      Instant now,
      HttpServletResponse response) {
    var key = gate.counting(Reason.IDEMPOTENCY_KEY, () -> key(door, headers, request));
    var report = gate.counting(Reason.BODY, () -> report(body, now));
    demandInTime(since, response);
    return switch (intake.accept(key, door, report, BodyDigest.of(body), now)) {
      case Intake.Answered(var acceptance) -> answer(acceptance, key, door);
      case Intake.TooMany(var wait) -> {
        metrics.refused(Reason.RATE);
        log.info("put {} of door {} off: the door reports too much", key, door.id());
        throw gate.tooMany(response, "this door reports too much", wait);
      }
      case Intake.TooLarge(var bytes) -> {
        metrics.refused(Reason.BODY);
        throw Refusal.ofField(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "snapshots",
            "expected an event of at most %d bytes, found %d: name fewer of them"
                .formatted(EventCodec.DETAIL_BUDGET, bytes));
      }
    };
  }

  private ResponseEntity<WebhookReceipt> answer(
      Acceptance acceptance, IdempotencyKey key, Door door) {
    return switch (acceptance) {
      case Acceptance.New(var receipt) -> accepted(receipt);
      case Acceptance.Replayed(var receipt) -> replayed(receipt);
      case Acceptance.Conflicting _ -> throw conflicting(key, door);
    };
  }

  private void demandInTime(long since, HttpServletResponse response) {
    if (inHand.isLate(since)) {
      throw gate.shed(Shed.LATE, response);
    }
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
}
