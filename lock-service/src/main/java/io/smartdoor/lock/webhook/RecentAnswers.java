package io.smartdoor.lock.webhook;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.smartdoor.events.DoorId;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.lock.outbox.Acceptance;
import io.smartdoor.lock.outbox.BodyDigest;
import io.smartdoor.lock.outbox.Receipt;
import java.time.Duration;
import java.util.Optional;

/**
 * What this instance answered lately, so that a webhook which is sent again, by its door or by
 * whoever overheard it, costs no write. An answer stands once it is given, so remembering it is
 * safe. Safe for use by several threads.
 */
final class RecentAnswers {

  /** Some 4 MB. */
  private static final int MOST = 10_000;

  /** For as long as a signature is believed: five minutes either way. */
  private static final Duration MEMORY = WebhookSignature.TOLERANCE.multipliedBy(2);

  private record Answer(DoorId door, BodyDigest body, Receipt receipt) {}

  private final Cache<IdempotencyKey, Answer> answers;

  RecentAnswers(Ticker ticker) {
    answers =
        Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(MEMORY).ticker(ticker).build();
  }

  /** What the outbox would say; empty where that is not known here. */
  Optional<Acceptance> recall(IdempotencyKey key, DoorId door, BodyDigest body) {
    return Optional.ofNullable(answers.getIfPresent(key))
        .map(it ->
            it.door().equals(door) && it.body().equals(body)
                ? new Acceptance.Replayed(it.receipt())
                : new Acceptance.Conflicting());
  }

  /** That the outbox holds this event. */
  void remember(DoorId door, BodyDigest body, Receipt receipt) {
    answers.put(receipt.key(), new Answer(door, body, receipt));
  }
}
