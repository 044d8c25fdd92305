package io.smartdoor.lock.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdoor.lock.TestTicker;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowanceTest {

  private final TestTicker time = new TestTicker();
  private final Allowance allowance = new Allowance(new RateLimit(10, 3), time);

  @Test
  void allowsABurstAndThenSoManyASecond() {
    assertThat(taken(5)).isEqualTo(3);
    assertThat(allowance.take()).isEqualTo(Duration.ofMillis(100));

    time.advance(Duration.ofMillis(99));
    assertThat(allowance.take()).isEqualTo(Duration.ofMillis(1));
    time.advance(Duration.ofMillis(1));
    assertThat(taken(5)).isEqualTo(1);

    time.advance(Duration.ofHours(1));
    assertThat(taken(5)).as("no more than a burst, however long nothing came").isEqualTo(3);
  }

  @Test
  void whatIsRefusedCostsNothing() {
    taken(1000);
    time.advance(Duration.ofMillis(100));

    assertThat(taken(1)).isEqualTo(1);
  }

  @Test
  void whatIsGivenBackCanBeTakenAgain() {
    taken(3);
    allowance.giveBack();

    assertThat(taken(5)).isEqualTo(1);
  }

  @Test
  void isNotTakenTwiceByTwoAtOnce() throws Exception {
    var shared = new Allowance(new RateLimit(1, 100), time);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var taken =
          threads.invokeAll(
              IntStream.range(0, 1000)
                  .<Callable<Boolean>>mapToObj(i -> () -> shared.take().isZero())
                  .toList());

      assertThat(taken.stream().filter(it -> it.resultNow())).hasSize(100);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "-1, 1", "NaN, 1", "Infinity, 1", "1, 0"})
  void aLimitIsSomething(double perSecond, int burst) {
    assertThatThrownBy(() -> new RateLimit(perSecond, burst))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void eachHasItsOwn() {
    var allowances = new Allowances<String>(new RateLimit(1, 1), time);

    assertThat(allowances.take("a")).isZero();
    assertThat(allowances.take("a")).isPositive();
    assertThat(allowances.take("b")).isZero();
    allowances.giveBack("a");
    assertThat(allowances.take("a")).isZero();
  }

  /** Whoever makes up addresses cannot fill the memory, nor wait for more by being forgotten. */
  @Test
  void rememberNoMoreThanTheyNeedTo() {
    var allowances = new Allowances<Integer>(new RateLimit(1, 10), time);
    for (var i = 0; i < 10 * Allowances.MOST; i++) {
      allowances.take(i);
    }
    assertThat(allowances.size()).isLessThanOrEqualTo(Allowances.MOST);

    time.advance(Duration.ofSeconds(10));
    assertThat(allowances.size()).isZero();
  }

  private long taken(int tries) {
    return IntStream.range(0, tries).filter(i -> allowance.take().isZero()).count();
  }
}
