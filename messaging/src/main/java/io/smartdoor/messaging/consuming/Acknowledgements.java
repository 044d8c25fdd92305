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
 * with it, only a place. Beside a call under way, another is sent only when it is full.
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

  private final Function<List<String>, Map<String, String>> call;
  private final Duration company;
  private final LongSupplier nanoTime;
  private final Queue<Entry> waiting = new ArrayDeque<>();
  private int underWay;
  private long latest;

  /**
   * Acknowledgements by way of {@code call}.
   *
   * @param company how long after one another counts as soon; that long one waits for more
   * @param nanoTime a clock for that, as {@link System#nanoTime}
   * @param call takes up to ten receipts off the queue and answers with the error code of each that
   *     was refused, by receipt; throws where nothing is known of any of them
   */
  Acknowledgements(
      Function<List<String>, Map<String, String>> call, Duration company, LongSupplier nanoTime) {
    this.call = call;
    this.company = company;
    this.nanoTime = nanoTime;
    this.latest = nanoTime.getAsLong() - company.toNanos();
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
      return entry.turn.get(company.toNanos(), NANOSECONDS);
    } catch (TimeoutException e) {
      hurry(entry);
    } catch (InterruptedException e) {
      hurry(entry);
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a turn is never completed by a failure", e);
    }
    return entry.turn.join();
  }

  private synchronized void gather(Entry entry) {
    var now = nanoTime.getAsLong();
    entry.hurried = now - latest >= company.toNanos();
    latest = now;
    waiting.add(entry);
    nextIfItIsTime();
  }

  private synchronized void hurry(Entry entry) {
    entry.hurried = true;
    nextIfItIsTime();
  }

  private synchronized void ended() {
    underWay--;
    nextIfItIsTime();
  }

  /** The first of a batch sends it. */
  private void nextIfItIsTime() {
    var oldest = waiting.peek();
    var isTime =
        waiting.size() >= LARGEST_BATCH || (underWay == 0 && oldest != null && oldest.hurried);
    if (!isTime || underWay == MOST_CALLS) {
      return;
    }
    underWay++;
    var batch = new ArrayList<Entry>();
    while (batch.size() < LARGEST_BATCH && !waiting.isEmpty()) {
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

  /** Somebody who waits: first for a turn, with a batch to send, or for an answer, with none. */
  private static final class Entry {

    final String receipt;
    final CompletableFuture<List<Entry>> turn = new CompletableFuture<>();

    /** That no more company is waited for; read by whoever decides whose turn it is. */
    boolean hurried;

    /** Written before the turn is completed, and read after it. */
    @Nullable String problem;

    Entry(String receipt) {
      this.receipt = receipt;
    }
  }
}
