package io.smartdoor.notification.recipient;

import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/**
 * Repeats a write of one item that met a transaction over the same item, which DynamoDB refuses
 * rather than lets wait. Every delivery is such a transaction, over its recipient's record and
 * inbox. Public for the same reason as {@link DynamoDbPresence}.
 *
 * <p>https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
 */
public final class DynamoDbConflicts {

  /** A transaction is over within milliseconds, as a try takes. */
  static final int TRIES = 10;

  private DynamoDbConflicts() {}

  /**
   * What {@code write} returns, at the latest from its tenth try.
   *
   * @throws TransactionConflictException where even that one met a transaction
   */
  public static <T> T outlast(Supplier<T> write) {
    for (var attempt = 1; ; attempt++) {
      try {
        return write.get();
      } catch (TransactionConflictException e) {
        if (attempt == TRIES) {
          throw e;
        }
      }
    }
  }
}
