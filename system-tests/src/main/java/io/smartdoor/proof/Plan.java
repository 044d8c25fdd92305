package io.smartdoor.proof;

import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.faults.AwsService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What happens when in a soak: all of it is known before it begins, and does not depend on how it
 * goes. The same seed and length give the same plan.
 *
 * @param sendings in their order
 */
record Plan(
    long seed,
    Duration length,
    List<Sending> sendings,
    List<Disturbance> disturbances,
    List<Dose> doses) {

  static final int DOORS = 200;

  /** Bounded: what is to be shown is not speed, and the machine has other things to do. */
  private static final double SENDINGS_PER_SECOND = 7;

  private static final double REPEATED = 0.3;
  private static final double GIVING_UP = 0.1;

  /** Of the deliveries, in either of the two ways. */
  private static final double DELIVERED_AGAIN = 0.05;

  private static final List<AwsService> THROTTLING =
      List.of(
          AwsService.DYNAMODB, AwsService.SQS, AwsService.EVENTBRIDGE, AwsService.STEP_FUNCTIONS);

  /** From one blow to a process to the next: time to start another one. */
  private static final Duration BETWEEN_BLOWS = Duration.ofSeconds(10);

  /** Longer than every lease and visibility timeout of a {@link Stage}. */
  private static final Duration PAUSE = Duration.ofSeconds(5);

  /**
   * A door's event.
   *
   * @param at after the begin of the soak
   * @param door counted from 0
   * @param instance which one of those that work the door asks first
   * @param persistent whether it asks until it is answered
   */
  record Sending(
      Duration at,
      int door,
      IdempotencyKey key,
      Opening opening,
      int instance,
      boolean persistent,
      List<Repeat> repeats) {}

  /**
   * The same key once more.
   *
   * @param after the first time; zero: at the same moment
   * @param instance as in a sending
   */
  record Repeat(Duration after, Sameness sameness, int instance) {}

  /** How much of it is the same. */
  enum Sameness {
    ALL,
    /** The door reports something else under that key. */
    OTHER_BODY,
    /** Another door reports the same. */
    OTHER_DOOR
  }

  /** A message of somebody else's, straight to a queue or over the bus. */
  record Dose(Duration at, Poison poison, Poison.Way way, UUID id) {}

  static Plan of(long seed, Duration length) {
    if (length.compareTo(Duration.ofSeconds(20)) < 0) {
      throw new IllegalArgumentException("expected 20 s or more, found " + length);
    }
    var random = new Random(seed);
    // Each part draws from numbers of its own: one that changes leaves the others as they were.
    return new Plan(
        seed,
        length,
        sendings(new Random(random.nextLong()), length, SENDINGS_PER_SECOND),
        disturbances(new Random(random.nextLong()), length),
        doses(new Random(random.nextLong()), length));
  }

  /** The doors alone, in which nothing goes wrong. */
  Plan undisturbed() {
    return new Plan(seed, length, sendings, List.of(), List.of());
  }

  /**
   * Doors alone, in which nothing goes wrong.
   *
   * @param perSecond how many report, on average, without what comes again
   */
  static Plan ofDoors(long seed, Duration length, double perSecond) {
    var random = new Random(seed);
    var sendings = sendings(new Random(random.nextLong()), length, perSecond);
    return new Plan(seed, length, sendings, List.of(), List.of());
  }

  private static List<Sending> sendings(Random random, Duration length, double perSecond) {
    var sendings = new ArrayList<Sending>();
    var at = pause(random, perSecond);
    while (at.compareTo(length) < 0) {
      sendings.add(
          new Sending(
              at,
              random.nextInt(DOORS),
              new IdempotencyKey(uuid(random)),
              opening(random),
              random.nextInt(2),
              random.nextDouble() >= GIVING_UP,
              repeats(random)));
      at = at.plus(pause(random, perSecond));
    }
    return List.copyOf(sendings);
  }

  private static Duration pause(Random random, double perSecond) {
    return Duration.ofNanos((long) (-Math.log(1 - random.nextDouble()) / perSecond * 1e9));
  }

  private static Opening opening(Random random) {
    var all = Opening.values();
    return all[random.nextInt(all.length)];
  }

  private static List<Repeat> repeats(Random random) {
    var repeats = new ArrayList<Repeat>();
    while (random.nextDouble() < (repeats.isEmpty() ? REPEATED : REPEATED / 2)) {
      var sameness =
          switch (random.nextInt(10)) {
            case 0 -> Sameness.OTHER_DOOR;
            case 1, 2 -> Sameness.OTHER_BODY;
            default -> Sameness.ALL;
          };
      var after = random.nextBoolean() ? 0 : 50 + random.nextInt(3000);
      repeats.add(new Repeat(Duration.ofMillis(after), sameness, random.nextInt(2)));
    }
    return List.copyOf(repeats);
  }

  private static List<Disturbance> disturbances(Random random, Duration length) {
    var all = new ArrayList<Disturbance>();
    // What waits longest for its repetition comes not too near to the end.
    var spans = new Spans(random, length, all);
    var many = (int) Math.max(1, length.toMinutes() / 4);
    var few = (int) Math.max(1, length.toMinutes() / 10);
    spans.add(few, Trouble.BUS_OUTAGE, AwsService.EVENTBRIDGE.toString(), 8, 60, 1);
    for (var service : THROTTLING) {
      spans.add(many, Trouble.THROTTLED, service.toString(), 16, 30, 0.5 + random.nextDouble() / 2);
    }
    for (var trouble :
        List.of(
            Trouble.FAILED_BEFORE, Trouble.FAILED_AFTER, Trouble.CUT_BEFORE, Trouble.CUT_AFTER)) {
      spans.add(many, trouble, "AWS", 10, 30, 0.05 + random.nextDouble() / 10);
    }
    spans.add(many, Trouble.SLOW, "AWS", 10, 30, 0.1);
    spans.add(many, Trouble.ENTRIES_FAILED, AwsService.EVENTBRIDGE.toString(), 6, 60, 0.5);
    for (var trouble : List.of(Trouble.DELIVERED_TWICE, Trouble.COPIED)) {
      all.add(
          new Disturbance(
              Duration.ZERO,
              length,
              trouble,
              AwsService.SQS.toString(),
              DELIVERED_AGAIN,
              random.nextLong()));
    }
    for (var i = 0; i < few; i++) {
      spans.add(
          1, Trouble.DOWN, i % 2 == 0 ? Checker.NOTIFICATION : Checker.IDENTIFICATION, 5, 180, 1);
    }
    blows(random, length, all);
    all.sort(Comparator.comparing(Disturbance::at));
    return List.copyOf(all);
  }

  /** Spans of time at random, within the first three quarters. */
  private record Spans(Random random, Duration length, List<Disturbance> all) {

    /**
     * @param part of the whole that one lasts, but no longer than so many seconds
     */
    void add(int times, Trouble trouble, String whom, int part, int most, double share) {
      var each = length.dividedBy(part);
      var longest = Duration.ofSeconds(most);
      var lasts = each.compareTo(longest) < 0 ? each : longest;
      var latest = length.multipliedBy(3).dividedBy(4).minus(lasts).toMillis();
      for (var i = 0; i < times; i++) {
        // In a part of its own each, so that they do not all come at once.
        var at = Duration.ofMillis((long) ((i + random.nextDouble()) * latest / times));
        all.add(new Disturbance(at, lasts, trouble, whom, share, random.nextLong()));
      }
    }
  }

  /** Kills, stops and restarts of every service in turn; none of one that is down. */
  private static void blows(Random random, Duration length, List<Disturbance> all) {
    var down = all.stream().filter(it -> it.trouble() == Trouble.DOWN).toList();
    var kinds =
        new ArrayList<>(
            Stream.of(Trouble.KILLED, Trouble.PAUSED, Trouble.TERMINATED)
                .flatMap(trouble ->
                    Fleet.SERVICES.stream()
                        .map(
                            it -> new Disturbance(Duration.ZERO, Duration.ZERO, trouble, it, 1, 0)))
                .toList());
    var blows = Math.max(1, length.multipliedBy(9).dividedBy(10).dividedBy(BETWEEN_BLOWS));
    var at = BETWEEN_BLOWS.dividedBy(2);
    for (var blow = 0L; blow < blows; blow++) {
      if (blow % kinds.size() == 0) {
        Collections.shuffle(kinds, random);
      }
      var kind = kinds.get((int) (blow % kinds.size()));
      var jitter = Duration.ofMillis(random.nextInt((int) BETWEEN_BLOWS.toMillis() / 2));
      var next =
          new Disturbance(
              at.plus(jitter),
              kind.trouble() == Trouble.PAUSED ? PAUSE : Duration.ZERO,
              kind.trouble(),
              kind.whom(),
              1,
              random.nextLong());
      if (down.stream().noneMatch(it -> isDown(it, next))) {
        all.add(next);
      }
      at = at.plus(BETWEEN_BLOWS);
    }
  }

  private static boolean isDown(Disturbance down, Disturbance blow) {
    return down.whom().equals(blow.whom())
        && blow.end().compareTo(down.at()) >= 0
        && blow.at().compareTo(down.end().plus(BETWEEN_BLOWS)) <= 0;
  }

  /** Each poison each way that it can go, once per two minutes. */
  private static List<Dose> doses(Random random, Duration length) {
    var doses = new ArrayList<Dose>();
    for (var round = 0; round < Math.max(1, length.toMinutes() / 2); round++) {
      for (var poison : Poison.values()) {
        for (var way : poison.ways()) {
          var at = Duration.ofMillis((long) (random.nextDouble() * length.toMillis() * 0.8));
          doses.add(new Dose(at, poison, way, uuid(random)));
        }
      }
    }
    doses.sort(Comparator.comparing(Dose::at));
    return List.copyOf(doses);
  }

  private static UUID uuid(Random random) {
    var version4 = (random.nextLong() & ~0xF000L) | 0x4000L;
    var variant2 = (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
    return new UUID(version4, variant2);
  }

  /** All of it, a line each, by time. */
  List<String> lines() {
    record Line(Duration at, String text) {}
    return Stream.of(
            sendings.stream().map(it -> new Line(it.at(), text(it))),
            disturbances.stream().map(it -> new Line(it.at(), it.toString())),
            doses.stream()
                .map(it ->
                    new Line(it.at(), "%s to %s, %s".formatted(it.poison(), it.way(), it.id()))))
        .flatMap(it -> it)
        .sorted(Comparator.comparing(Line::at))
        .map(it -> "%10s  %s".formatted(seconds(it.at()), it.text()))
        .toList();
  }

  private static String text(Sending it) {
    var repeats =
        it.repeats().stream()
            .map(
                again -> ", again after %s: %s".formatted(seconds(again.after()), again.sameness()))
            .toList();
    return "door %d, %s, %s%s%s"
        .formatted(
            it.door(),
            it.opening(),
            it.key(),
            it.persistent() ? "" : ", once",
            String.join("", repeats));
  }

  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.3f s", duration.toMillis() / 1000.0);
  }
}
