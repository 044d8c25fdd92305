package io.smartdoor.events;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Events of every kind with every combination of fields, the same ones for the same seed. */
final class RandomEvents {

  private static final String NAME_CHARACTERS = "aZ09 -'\"\\<&éß門🚪\t";

  private final RandomGenerator random;

  RandomEvents(RandomGenerator random) {
    this.random = random;
  }

  SmartDoorEvent next() {
    return switch (random.nextInt(4)) {
      case 0 ->
          new DoorStatus(
              metadata(),
              oneOf(DoorState.values()),
              maybe(this::door),
              maybe(this::user),
              maybe(() -> oneOf(OperationSource.values())),
              snapshots());
      case 1 ->
          new PersonIdentified(
              metadata(),
              maybe(this::door),
              maybe(this::user),
              maybe(() -> oneOf(IdentificationMethod.values())),
              maybe(this::confidence));
      case 2 ->
          new PersonUnrecognised(
              metadata(),
              maybe(this::door),
              snapshots(),
              maybe(this::confidence),
              maybe(this::reason));
      default -> new IdentificationFailed(metadata(), maybe(this::door), maybe(this::reason));
    };
  }

  private EventMetadata metadata() {
    return new EventMetadata(
        key(),
        maybe(this::key),
        maybe(this::key),
        maybe(this::instant),
        maybe(this::instant),
        random.nextInt(1, 9),
        maybe(() -> "00-%016x%016x-%016x-01".formatted(odd(), odd(), odd())));
  }

  /** Never zero: an id of zeros is none. */
  private long odd() {
    return random.nextLong() | 1;
  }

  private IdempotencyKey key() {
    return new IdempotencyKey(new UUID(random.nextLong(), random.nextLong()));
  }

  private Instant instant() {
    return Instant.ofEpochMilli(random.nextLong(4_102_444_800_000L));
  }

  private DoorReference door() {
    return new DoorReference(maybe(() -> new DoorId(identifier())), maybe(this::name));
  }

  private UserReference user() {
    return new UserReference("User." + random.nextInt(), identifier());
  }

  private List<SnapshotReference> snapshots() {
    return IntStream.range(0, random.nextInt(3))
        .mapToObj(i -> new SnapshotReference(identifier(), "%s/%d.jpg".formatted(identifier(), i)))
        .toList();
  }

  private Confidence confidence() {
    return new Confidence(random.nextBoolean() ? random.nextInt(101) : random.nextDouble(100));
  }

  private ReasonCode reason() {
    return new ReasonCode(identifier());
  }

  private String identifier() {
    return "x" + Integer.toString(random.nextInt(1_000_000), 36);
  }

  private String name() {
    var codePoints = NAME_CHARACTERS.codePoints().toArray();
    return IntStream.range(0, random.nextInt(12))
        .map(i -> codePoints[random.nextInt(codePoints.length)])
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private <T> T oneOf(T[] values) {
    return values[random.nextInt(values.length)];
  }

  private <T> Optional<T> maybe(Supplier<T> value) {
    return random.nextInt(4) == 0 ? Optional.empty() : Optional.of(value.get());
  }
}
