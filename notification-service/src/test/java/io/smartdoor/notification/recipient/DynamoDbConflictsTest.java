package io.smartdoor.notification.recipient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/** No emulator refuses a write for a transaction that is under way, as DynamoDB does. */
class DynamoDbConflictsTest {

  private final AtomicInteger tries = new AtomicInteger();

  @Test
  void aWriteThatMetATransactionIsRepeated() {
    assertThat(DynamoDbConflicts.outlast(() -> succeedAt(3))).isEqualTo("written");
    assertThat(tries).hasValue(3);
  }

  @Test
  void butNotForEver() {
    assertThatExceptionOfType(TransactionConflictException.class)
        .isThrownBy(() -> DynamoDbConflicts.outlast(() -> succeedAt(11)));
    assertThat(tries).hasValue(10);
  }

  private String succeedAt(int which) {
    if (tries.incrementAndGet() < which) {
      throw TransactionConflictException.builder().build();
    }
    return "written";
  }
}
