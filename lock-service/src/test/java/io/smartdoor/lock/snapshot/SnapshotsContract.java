package io.smartdoor.lock.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.events.DoorId;
import io.smartdoor.events.SnapshotReference;
import io.smartdoor.lock.outbox.BodyDigest;
import io.smartdoor.lock.webhook.SnapshotId;
import java.util.Collections;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** What everything that keeps pictures promises. Tests share one and so look only at their own. */
abstract class SnapshotsContract {

  private static final DoorId DOOR = new DoorId("front-door");

  abstract Snapshots snapshots();

  /** What is kept there. */
  abstract byte[] stored(SnapshotReference place);

  @Test
  void keepsAPictureWhereItSays() {
    var snapshot = aSnapshot("a picture");

    assertThat(snapshots().store(snapshot)).isEqualTo(new Storing.New());

    assertThat(stored(placeOf(snapshot))).asString(UTF_8).isEqualTo("kept of a picture");
  }

  @Test
  void knowsAPictureThatComesAgain() {
    var snapshot = aSnapshot("a picture");
    snapshots().store(snapshot);

    assertThat(snapshots().store(snapshot)).isEqualTo(new Storing.Replayed());
    assertThat(snapshots().store(snapshot)).isEqualTo(new Storing.Replayed());
  }

  @Test
  void keepsTheFirstOfTwoPicturesOfOneName() {
    var first = aSnapshot("first");
    snapshots().store(first);

    assertThat(snapshots().store(snapshot(DOOR, first.id(), "second")))
        .isEqualTo(new Storing.Conflicting());

    assertThat(stored(placeOf(first))).asString(UTF_8).isEqualTo("kept of first");
  }

  @Test
  void givesEachDoorItsOwnNames() {
    var snapshot = aSnapshot("a picture");
    var other = snapshot(new DoorId("back-door"), snapshot.id(), "another picture");

    assertThat(snapshots().store(snapshot)).isEqualTo(new Storing.New());
    assertThat(snapshots().store(other)).isEqualTo(new Storing.New());

    assertThat(placeOf(other)).isNotEqualTo(placeOf(snapshot));
    assertThat(placeOf(snapshot)).isEqualTo(placeOf(snapshot(DOOR, snapshot.id(), "whatever")));
  }

  @Test
  void storesOnceWhoeverComesAtTheSameTime() throws Exception {
    var snapshot = aSnapshot("a picture");
    Callable<Storing> storing = () -> snapshots().store(snapshot);

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var results = threads.invokeAll(Collections.nCopies(8, storing));

      assertThat(results).filteredOn(it -> it.resultNow() instanceof Storing.New).hasSize(1);
      assertThat(results).filteredOn(it -> it.resultNow() instanceof Storing.Replayed).hasSize(7);
    }
  }

  SnapshotReference placeOf(Snapshot snapshot) {
    return snapshots().placeOf(snapshot.door(), snapshot.id());
  }

  static Snapshot aSnapshot(String sent) {
    return snapshot(DOOR, new SnapshotId(UUID.randomUUID()), sent);
  }

  private static Snapshot snapshot(DoorId door, SnapshotId id, String sent) {
    return new Snapshot(
        door,
        id,
        BodyDigest.of(sent.getBytes(UTF_8)),
        new Picture(("kept of " + sent).getBytes(UTF_8), 64, 48));
  }
}
