package io.smartdoor.messaging.idempotency;

/**
 * One subscriber's memory of which events it has handled and which it is handling.
 *
 * <p>Every operation is one atomic write. The token fences the record, not the effect: a handler
 * that outlives its lease may still act, so its effect must be idempotent by itself. Records of
 * handled events are kept 90 days. Safe for use by several threads and processes.
 */
public interface IdempotencyStore {

  /** Asks for the right to handle {@code key} until the store's lease ends. */
  Claim claim(EventKey key);

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
