package io.smartdoor.messaging.idempotency;

import io.smartdoor.messaging.idempotency.Claim.AlreadyHandled;
import io.smartdoor.messaging.idempotency.Claim.Granted;
import io.smartdoor.messaging.idempotency.Claim.HeldElsewhere;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a store says about one event, in as few words as it can be said. */
final class ClaimModel {

  private final Duration lease;
  private int attempts;
  private @Nullable ClaimToken holder;
  private @Nullable ClaimToken latest;
  private @Nullable Instant until;
  private @Nullable Instant handledAt;
  private final Set<ClaimToken> tokens = new HashSet<>();

  ClaimModel(Duration lease) {
    this.lease = lease;
  }

  /** Whether {@code claim} is what a store may answer at {@code now}; takes note of it. */
  boolean allows(Claim claim, Instant now) {
    return switch (claim) {
      case AlreadyHandled(var at) -> at.equals(handledAt);
      case HeldElsewhere(var end) ->
          handledAt == null && holder != null && end.equals(until) && end.isAfter(now);
      case Granted(var token, var end, var attempt) -> {
        var free = handledAt == null && (until == null || !until.isAfter(now));
        attempts++;
        holder = token;
        latest = token;
        until = end;
        yield free && end.equals(now.plus(lease)) && attempt == attempts && tokens.add(token);
      }
    };
  }

  Optional<Instant> renew(ClaimToken token, Instant now) {
    if (!token.equals(holder)) {
      return Optional.empty();
    }
    until = now.plus(lease);
    return Optional.of(until);
  }

  boolean complete(ClaimToken token, Instant now) {
    if (token.equals(holder)) {
      letGo();
      handledAt = now;
    }
    return token.equals(latest) && handledAt != null;
  }

  boolean release(ClaimToken token, Release how) {
    if (token.equals(holder)) {
      letGo();
      attempts =
          switch (how) {
            case CLEAN -> attempts - 1;
            case COUNTED -> attempts;
            case REJECTED -> 0;
          };
    }
    return token.equals(latest) && handledAt == null;
  }

  private void letGo() {
    holder = null;
    until = null;
  }
}
