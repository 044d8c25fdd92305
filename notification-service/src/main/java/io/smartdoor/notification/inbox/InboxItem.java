package io.smartdoor.notification.inbox;

import io.smartdoor.events.DoorReference;
import io.smartdoor.events.IdempotencyKey;
import java.time.Instant;
import java.util.Optional;

/**
 * One entry of an inbox, as it stands now.
 *
 * <p>Level and detail-type are texts here: a newer release may have written an entry of a kind that
 * this one does not know, and it is shown all the same.
 *
 * @param id the correlation id of the chain of events that the entry is about
 * @param seq the place in the recipient's inbox; an entry that is replaced gets a new one, at the
 *     end
 * @param idempotencyKey of the event that the entry shows
 * @param at when it happened at the door
 * @param read whether somebody has read this version of the entry
 */
record InboxItem(
    IdempotencyKey id,
    long seq,
    String title,
    String body,
    String level,
    Optional<DoorReference> door,
    String detailType,
    IdempotencyKey idempotencyKey,
    Instant at,
    boolean read) {}
