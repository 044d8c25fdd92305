package io.smartdoor.messaging.consuming;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages off a queue, several by one call where several come ("group commit"): one that
 * comes alone is sent at once; one that comes soon after another waits as long for more, since
 * events that are handled one after another would else never find company. Nobody's effect waits
 * with it, only a place. Beside a call under way, another is sent when it is full, or when that one
 * takes so long that it may hang.
 *
 * <p>{@link #acknowledge} returns when the queue has said that the message is gone: nothing is kept
 * back that nobody waits for. Made for virtual threads; safe for use by several.
 */
final class Acknowledgements {

  /**
   * DeleteMessageBatch's most entries:
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessageBatch.html
   */
  static final int LARGEST_BATCH = 10;

  static final int MOST_CALLS = 4;

  /**
   * How acknowledgements keep company.
   *
   * @param most receipts by one call; fewer than ten where fewer can be in hand, as none of them
   *     would find company of ten
   * @param company how long after one another counts as soon; that long one waits for more
   * @param patience how long a call under way is waited for
   */
  record Manners(int most, Duration company, Duration patience) {

    Manners {
      if (most < 1 || most > LARGEST_BATCH) {
        throw new IllegalArgumentException(
            "expected 1 to %d receipts by one call, found %d".formatted(LARGEST_BATCH, most));
      }
    }
  }

  private final Function<List<String>, Map<String, String>> call;
  private final Manners manners;
  private final LongSupplier nanoTime;
  private final Queue<Entry> waiting = new ArrayDeque<>();
  private int underWay;
  private long latest;

  /**
   * Acknowledgements by way of {@code call}.
   *
   * @param nanoTime a clock for what is soon, as {@link System#nanoTime}
   * @param call takes up to ten receipts off the queue and answers with the error code of each that
   *     was refused, by receipt; throws where nothing is known of any of them
   */
  Acknowledgements(
      Function<List<String>, Map<String, String>> call, Manners manners, LongSupplier nanoTime) {
    this.call = call;
    this.manners = manners;
    this.nanoTime = nanoTime;
    this.latest = nanoTime.getAsLong() - manners.company.toNanos();
  }

  /**
   * Takes the message of {@code receipt} off the queue for good.
   *
   * @throws IllegalStateException where the queue refused, or the call failed
   */
  void acknowledge(String receipt) {
    var entry = new Entry(receipt);
    gather(entry);
    var batch = turnOf(entry);
    if (!batch.isEmpty()) {
      send(batch);
    }
    if (entry.problem != null) {
      throw new IllegalStateException(entry.problem);
    }
  }

  /** How many wait for a call that has not begun. */
  synchronized int waiting() {
    return waiting.size();
  }

  private List<Entry> turnOf(Entry entry) {
    try {
      if (!hasTurnWithin(manners.company, entry)) {
        becomes(Urgency.HURRIED, entry);
        if (!hasTurnWithin(manners.patience, entry)) {
          becomes(Urgency.OVERDUE, entry);
        }
      }
    } catch (InterruptedException e) {
      becomes(Urgency.OVERDUE, entry);
      Thread.currentThread().interrupt();
    }
    return entry.turn.join();
  }

  private static boolean hasTurnWithin(Duration limit, Entry entry) throws InterruptedException {
    try {
      entry.turn.get(limit.toNanos(), NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a turn is never completed by a failure", e);
    }
  }

  private synchronized void gather(Entry entry) {
    var now = nanoTime.getAsLong();
    if (now - latest >= manners.company.toNanos()) {
      entry.urgency = Urgency.HURRIED;
    }
    latest = now;
    waiting.add(entry);
    nextIfItIsTime();
  }

  private synchronized void becomes(Urgency urgency, Entry entry) {
    entry.urgency = urgency;
    nextIfItIsTime();
  }

  private synchronized void ended() {
    underWay--;
    nextIfItIsTime();
  }

  /** The first of a batch sends it. */
  private void nextIfItIsTime() {
    var oldest = waiting.peek();
    if (oldest == null || underWay == MOST_CALLS) {
      return;
    }
    var isTime =
        switch (oldest.urgency) {
          case NONE -> false;
          case HURRIED -> underWay == 0;
          case OVERDUE -> true;
        };
    if (!isTime && waiting.size() < manners.most) {
      return;
    }
    underWay++;
    var batch = new ArrayList<Entry>();
    while (batch.size() < manners.most && !waiting.isEmpty()) {
      batch.add(waiting.remove());
    }
    batch.getFirst().turn.complete(batch);
  }

  private void send(List<Entry> batch) {
    try {
      var refused = call.apply(batch.stream().map(entry -> entry.receipt).toList());
      for (var entry : batch) {
        entry.problem = refused.get(entry.receipt);
      }
    } catch (RuntimeException | Error e) {
      for (var entry : batch) {
        entry.problem = e.toString();
      }
      if (e instanceof Error error) {
        throw error;
      }
    } finally {
      ended();
      for (var entry : batch) {
        entry.turn.complete(List.of());
      }
    }
  }

  private enum Urgency {
    /** Waits for company. */
    NONE,
    /** Waits for no more company, but for the call under way. */
    HURRIED,
    /** Waits for neither. */
    OVERDUE
  }

  /** Somebody who waits: first for a turn, with a batch to send, or for an answer, with none. */
  private static final class Entry {

    final String receipt;
    final CompletableFuture<List<Entry>> turn = new CompletableFuture<>();

    /** Read by whoever decides whose turn it is. */
    Urgency urgency = Urgency.NONE;

    /** Written before the turn is completed, and read after it. */
    @Nullable String problem;

    Entry(String receipt) {
      this.receipt = receipt;
    }
  }
}
