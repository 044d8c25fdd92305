package io.smartdoor.messaging.idempotency;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One subscriber's memory of which events it has handled and which it is handling.
 *
 * <p>Every operation is one atomic write. The token fences the record, not the effect: a handler
 * that outlives its lease may still act, so its effect must be idempotent by itself. Leases are
 * read by each instance's own clock: clocks that differ by more than a lease let two handle at
 * once. Safe for use by several threads and processes.
 *
 * <p>To renew, complete or release once more with the same token answers as before and changes
 * nothing else: a call whose answer was lost can be repeated.
 *
 * <p>Whatever a store throws means that it is out of reach; what was asked may have been done all
 * the same.
 */
public interface IdempotencyStore {

  /**
   * For how long at least it is remembered that an event was handled: longer than the bus's archive
   * goes back (30 days) and than an event is handled after it was accepted (60).
   */
  Duration RETENTION = Duration.ofDays(90);

  /**
   * Asks for the right to handle {@code key} until the store's lease ends. A claim that was granted
   * counts as an attempt until it is released {@link Release#CLEAN}. Where it throws, the claim may
   * have been granted all the same: without its token nobody can release it, so it ends with its
   * lease and counts as an attempt.
   */
  Claim claim(EventKey key);

  /**
   * Lets the claim last a whole lease from now on. One whose lease has ended, and that nobody took
   * over, is taken up again.
   *
   * @return until when {@code token} holds the claim now; empty where it no longer does, and
   *     nothing was changed
   */
  Optional<Instant> renew(EventKey key, ClaimToken token);

  /**
   * Records that {@code key} was handled.
   *
   * @return whether {@code token} still held the claim; if not, another consumer took over and
   *     nothing was changed
   */
  boolean complete(EventKey key, ClaimToken token);

  /**
   * Gives the claim back, so that another consumer may take it at once.
   *
   * @return whether {@code token} still held the claim
   */
  boolean release(EventKey key, ClaimToken token, Release how);
}
