package io.smartdoor.lock.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.smartdoor.lock.webhook.Source;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class UploadPlacesTest {

  private static final Source HERE = Source.of("192.0.2.1");
  private static final Source THERE = Source.of("192.0.2.2");

  private final UploadPlaces places = new UploadPlaces(4);

  @Test
  void givesOneAddressHalfOfThemAtMost() {
    var third = taking(2, HERE, () -> places.work(HERE, () -> 3));

    assertThat(third).isEmpty();
    assertThat(taking(2, HERE, () -> places.work(THERE, () -> 3))).hasValue(3);
  }

  @Test
  void givesNoMoreThanThereAre() {
    var fifth =
        taking(2, HERE, () -> taking(2, THERE, () -> places.work(Source.of("::1"), () -> 5)));

    assertThat(fifth).isEmpty();
  }

  @Test
  void takesThemBackHoweverTheWorkEnds() {
    for (var i = 0; i < 10; i++) {
      assertThat(places.work(HERE, () -> 1)).hasValue(1);
      assertThatIllegalStateException()
          .isThrownBy(() ->
              places.work(
                  HERE,
                  () -> {
                    throw new IllegalStateException("broken");
                  }));
    }

    assertThat(taking(2, HERE, () -> places.work(THERE, () -> 1))).hasValue(1);
  }

  @Test
  void hasOneForWhoeverComesWhereThereIsOne() {
    assertThat(new UploadPlaces(1).work(HERE, () -> 1)).hasValue(1);
  }

  private <T> Optional<T> taking(int count, Source source, Supplier<Optional<T>> then) {
    return count == 0
        ? then.get()
        : places.work(source, () -> taking(count - 1, source, then)).orElseThrow();
  }
}
