package io.smartdoor.lock.webhook;

import io.smartdoor.events.DoorId;
import io.smartdoor.http.Refusal;
import io.smartdoor.lock.door.Door;
import io.smartdoor.lock.webhook.WebhookMetrics.Reason;
import io.smartdoor.lock.webhook.WebhookMetrics.Shed;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * What every request of a door passes before anything of it is parsed: whatever is not proved is
 * paid for by where it comes from, and is answered alike whether or not there is such a door. Safe
 * for use by several threads.
 */
public final class Gate {

  /** Standard Webhooks names no challenge; HTTP demands one with a 401 (RFC 9110, 15.5.2). */
  private static final String CHALLENGE = "StandardWebhooks";

  /** A place becomes free within milliseconds, unless AWS is slow. */
  private static final Duration SHED_FOR = Duration.ofSeconds(2);

  private static final Logger log = LoggerFactory.getLogger(Gate.class);

  private final String what;
  private final WebhookVerifier verifier;
  private final Sources sources;
  private final WebhookMetrics metrics;

  /**
   * @param what a request is called in the log
   */
  Gate(String what, WebhookVerifier verifier, Sources sources, WebhookMetrics metrics) {
    this.what = what;
    this.verifier = verifier;
    this.sources = sources;
    this.metrics = metrics;
  }

  /** What became of requests that came through here. */
  public WebhookMetrics metrics() {
    return metrics;
  }

  /** A request that has proved nothing yet. */
  public Visit visit(HttpServletRequest request, HttpServletResponse response) {
    return new Visit(new WebhookRequest(request), response, sources.at(request.getRemoteAddr()));
  }

  /** A refusal for want of room, before anything was begun; not logged. */
  public Refusal shed(Shed reason, HttpServletResponse response) {
    metrics.shed(reason);
    response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(SHED_FOR.toSeconds()));
    return new Refusal(
        HttpStatus.SERVICE_UNAVAILABLE,
        "too much is in hand: try again in %d s".formatted(SHED_FOR.toSeconds()));
  }

  /** A refusal of what comes too often. */
  public Refusal tooMany(HttpServletResponse response, String detail, Duration wait) {
    var seconds = wait.plusNanos(999_999_999).toSeconds();
    response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(seconds));
    return new Refusal(
        HttpStatus.TOO_MANY_REQUESTS, "%s: try again in %d s".formatted(detail, seconds));
  }

  /** What {@code step} comes to; if it refuses, for that reason. */
  public <T> T counting(Reason reason, Supplier<T> step) {
    try {
      return step.get();
    } catch (Refusal e) {
      metrics.refused(reason);
      throw e;
    }
  }

  /** Not logged: a flood is not to become one of lines. The metric tells. */
  private Refusal tooManyUnproven(HttpServletResponse response, Duration wait) {
    metrics.refused(Reason.SOURCE_RATE);
    return tooMany(response, "too much came from this address that no door has signed", wait);
  }

  private static Refusal challenging(HttpServletResponse response, Refusal refusal) {
    response.setHeader(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE);
    return refusal;
  }

  /** For the owner's log alone; what cannot be an id is not written there. */
  private static String named(String id) {
    return DoorId.isValid(id) ? "door " + id : "door of such a name";
  }

  /** One request, as far as it can be read before it is known whose it is. */
  public final class Visit {

    private final WebhookRequest request;
    private final HttpServletResponse response;
    private final Unproven unproven;

    private Visit(WebhookRequest request, HttpServletResponse response, Unproven unproven) {
      this.request = request;
      this.response = response;
      this.unproven = unproven;
    }

    /** What {@code step} reads of the request, which has proved nothing yet, at its expense. */
    public <T> T demanded(Reason reason, Supplier<T> step) {
      try {
        return step.get();
      } catch (Refusal e) {
        var wait = unproven.take();
        if (wait.isPositive()) {
          throw tooManyUnproven(response, wait);
        }
        metrics.refused(reason);
        throw e.status() == HttpStatus.UNAUTHORIZED ? challenging(response, e) : e;
      }
    }

    /** The headers of Standard Webhooks, well formed. */
    public WebhookHeaders headers() {
      return demanded(Reason.HEADERS, request::headers);
    }

    /** The body as it came, as {@link WebhookRequest#body(int, BooleanSupplier)} reads it. */
    public byte[] body(int most, BooleanSupplier isLate) {
      return demanded(Reason.TOO_LARGE, () -> request.body(most, isLate));
    }

    /** Makes sure that the body is not encoded. */
    public void demandPlainBody() {
      demanded(
          Reason.MEDIA_TYPE,
          () -> {
            request.demandPlain();
            return request;
          });
    }

    WebhookRequest request() {
      return request;
    }

    /**
     * The door that sent exactly this.
     *
     * @param id as the request names it
     * @throws Refusal with 401 where no such door signed it, or not within five minutes; with 429
     *     where too much from the same address proved nothing
     */
    public Door sender(String id, WebhookHeaders headers, byte[] body, Instant now) {
      return switch (verifier.check(id, headers, body, now, unproven)) {
        case SignatureCheck.Valid(var door) -> door;
        case SignatureCheck.OutOfTime _ -> {
          metrics.refused(Reason.TIMESTAMP);
          log.info("refused a {} of {}: its time is off by more than 5 minutes", what, named(id));
          throw challenging(
              response,
              Refusal.ofField(
                  HttpStatus.UNAUTHORIZED,
                  WebhookHeaders.TIMESTAMP,
                  "expected a time within 5 minutes of %d".formatted(now.getEpochSecond())));
        }
        case SignatureCheck.NoMatch _ -> {
          metrics.refused(Reason.SIGNATURE);
          log.info(
              "refused a {}: there is no {}, or its secret has not signed this", what, named(id));
          throw challenging(
              response, new Refusal(HttpStatus.UNAUTHORIZED, "no such door has signed this"));
        }
        case SignatureCheck.TooMany(var wait) -> throw tooManyUnproven(response, wait);
      };
    }
  }
}
