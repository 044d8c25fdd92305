package io.smartdoor.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** Many doors that tell of their openings. */
record Load(HttpClient http, Clock clock, RandomGenerator random) {

  /** How many doors wait for an answer at the same time, where as much is told as can be. */
  static final int AT_ONCE = 32;

  /**
   * One door's report, and its answer.
   *
   * @param due when it was to be told, by {@link System#nanoTime}: what waited for its turn waited
   *     for the service
   * @param took until the answer, or until the door gave up
   * @param status 0 where there was no answer
   */
  record Report(Opening opening, long due, Duration took, int status) {

    boolean isAccepted() {
      return status == 202;
    }
  }

  /** As many openings as there can be, each at any of the doors. */
  List<Report> asFastAsPossible(URI lock, List<Door> doors, int count, Opening.Who who)
      throws InterruptedException {
    var openings = openings(doors, count);
    var next = new AtomicInteger();
    var reports = new ConcurrentLinkedQueue<Report>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < AT_ONCE; i++) {
        threads.execute(() -> {
          for (var at = next.getAndIncrement(); at < count; at = next.getAndIncrement()) {
            reports.add(tell(lock, openings.get(at), who, System.nanoTime()));
          }
        });
      }
    }
    return demandAccepted(reports, count);
  }

  /** One opening after another, however long the answers take: doors do not wait for each other. */
  List<Report> steadily(URI lock, List<Door> doors, int count, double perSecond, Opening.Who who)
      throws InterruptedException {
    var openings = openings(doors, count);
    var reports = new ConcurrentLinkedQueue<Report>();
    var began = System.nanoTime();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < count; i++) {
        var opening = openings.get(i);
        var due = began + Math.round(i * 1e9 / perSecond);
        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        threads.execute(() -> reports.add(tell(lock, opening, who, due)));
      }
    }
    return new ArrayList<>(reports);
  }

  private record AtDoor(UUID key, Door door) {}

  /** Chosen before the clock runs. */
  private List<AtDoor> openings(List<Door> doors, int count) {
    var openings = new ArrayList<AtDoor>(count);
    for (var i = 0; i < count; i++) {
      openings.add(new AtDoor(UUID.randomUUID(), doors.get(random.nextInt(doors.size()))));
    }
    return openings;
  }

  private Report tell(URI lock, AtDoor at, Opening.Who who, long due) {
    Instant now = clock.instant();
    var opening = new Opening(at.key(), at.door().id(), now, who);
    var status = 0;
    try {
      status = http.send(at.door().webhook(lock, opening), BodyHandlers.discarding()).statusCode();
    } catch (IOException _) {
      // No answer within the door's patience.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return new Report(opening, due, Duration.ofNanos(System.nanoTime() - due), status);
  }

  static List<Report> demandAccepted(Iterable<Report> reports, int count) {
    var accepted = new ArrayList<Report>();
    for (var report : reports) {
      if (!report.isAccepted()) {
        throw new IllegalStateException("expected 202 for each, found " + report);
      }
      accepted.add(report);
    }
    if (accepted.size() != count) {
      throw new IllegalStateException(
          "expected %d answers, found %d".formatted(count, accepted.size()));
    }
    return accepted;
  }
}
