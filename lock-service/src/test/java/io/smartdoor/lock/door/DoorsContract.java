package io.smartdoor.lock.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.events.DoorId;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What every register of doors promises. Tests share one and so look only at doors of their own.
 */
abstract class DoorsContract {

  private static final SecureRandom RANDOM = new SecureRandom();

  abstract DoorTable doors();

  @Test
  void findsADoorAndItsKey() {
    var door = aDoor();
    var key = DoorKey.generate(RANDOM);

    assertThat(doors().add(door, key)).isTrue();

    assertThat(doors().find(door.id())).hasValue(door);
    assertThat(doors().findWithKey(door.id()))
        .hasValueSatisfying(it -> {
          assertThat(it.door()).isEqualTo(door);
          assertThat(it.key().asText()).isEqualTo(key.asText());
        });
  }

  @Test
  void keepsTheFirstOfTwoDoorsWithOneId() {
    var door = aDoor();
    var key = DoorKey.generate(RANDOM);
    doors().add(door, key);

    assertThat(doors().add(new Door(door.id(), new DoorName("Other")), DoorKey.generate(RANDOM)))
        .isFalse();

    assertThat(doors().find(door.id())).hasValue(door);
    assertThat(doors().findWithKey(door.id()).orElseThrow().key().asText()).isEqualTo(key.asText());
  }

  @Test
  void knowsNothingOfADoorThatWasRemoved() {
    var door = aDoor();
    doors().add(door, DoorKey.generate(RANDOM));

    assertThat(doors().remove(door.id())).isTrue();

    assertThat(doors().find(door.id())).isEmpty();
    assertThat(doors().findWithKey(door.id())).isEmpty();
    assertThat(doors().remove(door.id())).isFalse();
  }

  @Test
  void countsRemovalsAndNothingElse() {
    var door = aDoor();
    var before = doors().removals();
    doors().add(door, DoorKey.generate(RANDOM));
    doors().remove(aDoor().id());
    assertThat(doors().removals()).isEqualTo(before);

    doors().remove(door.id());

    assertThat(doors().removals()).isGreaterThan(before);
  }

  @Test
  void countsEveryRemovalOfManyAtOnce() throws Exception {
    var doors = Stream.generate(DoorsContract::aDoor).limit(8).toList();
    doors.forEach(it -> doors().add(it, DoorKey.generate(RANDOM)));
    var before = doors().removals();

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads
          .invokeAll(
              doors.stream().<Callable<Boolean>>map(it -> () -> doors().remove(it.id())).toList())
          .forEach(it -> assertThat(it.resultNow()).isTrue());
    }

    assertThat(doors().removals()).isGreaterThanOrEqualTo(before + doors.size());
    assertThat(doors).allMatch(it -> doors().find(it.id()).isEmpty());
  }

  @Test
  void listsDoorsById() {
    var doors = List.of(aDoor(), aDoor(), aDoor());
    doors.forEach(it -> doors().add(it, DoorKey.generate(RANDOM)));

    var all = doors().page(1000, Optional.empty());
    assertThat(all.items()).containsAll(doors).extracting(it -> it.id().value()).isSorted();
    assertThat(all.next()).isEmpty();
  }

  @Test
  void listsEveryDoorOnceOverAllPagesAlsoWhenOneIsRemovedMeanwhile() {
    var doors = Stream.generate(DoorsContract::aDoor).limit(5).toList();
    doors.forEach(it -> doors().add(it, DoorKey.generate(RANDOM)));

    var listed = new ArrayList<Door>();
    var page = doors().page(2, Optional.empty());
    listed.addAll(page.items());
    while (page.next().isPresent()) {
      assertThat(page.items()).hasSize(2);
      doors().remove(page.items().getLast().id());
      page = doors().page(2, page.next());
      listed.addAll(page.items());
    }

    assertThat(listed).containsAll(doors).doesNotHaveDuplicates();
    assertThat(listed).extracting(it -> it.id().value()).isSorted();
  }

  private static Door aDoor() {
    return new Door(
        new DoorId("door-" + UUID.randomUUID()), new DoorName("Haustür \"vorn\" \uD83D\uDEAA"));
  }
}
