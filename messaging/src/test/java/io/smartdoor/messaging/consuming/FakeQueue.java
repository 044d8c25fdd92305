package io.smartdoor.messaging.consuming;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A queue as SQS is one: at least once, a received message hidden for a while. A superseded
 * delivery can neither acknowledge nor hide. Safe for use by several threads.
 */
final class FakeQueue {

  private static final Duration VISIBILITY = Duration.ofSeconds(30);

  private final Clock clock;
  private final List<Stored> messages = new ArrayList<>();
  private final List<DeadLetter> deadLetters = new ArrayList<>();

  FakeQueue(Clock clock) {
    this.clock = clock;
  }

  synchronized void send(String body) {
    messages.add(new Stored(body, clock.instant()));
  }

  synchronized Optional<Delivery> receive() {
    var now = clock.instant();
    return messages.stream()
        .filter(message -> !message.visibleAt.isAfter(now))
        .findFirst()
        .map(message -> {
          message.visibleAt = now.plus(VISIBILITY);
          message.receives++;
          return new Receipt(message, message.receives);
        });
  }

  synchronized boolean isEmpty() {
    return messages.isEmpty();
  }

  synchronized List<DeadLetter> deadLetters() {
    return List.copyOf(deadLetters);
  }

  private static final class Stored {

    final String body;
    Instant visibleAt;
    int receives;

    Stored(String body, Instant visibleAt) {
      this.body = body;
      this.visibleAt = visibleAt;
    }
  }

  private final class Receipt implements Delivery {

    private final Stored message;
    private final int number;

    Receipt(Stored message, int number) {
      this.message = message;
      this.number = number;
    }

    @Override
    public String body() {
      return message.body;
    }

    @Override
    public int receives() {
      return number;
    }

    @Override
    public void acknowledge() {
      synchronized (FakeQueue.this) {
        if (message.receives == number) {
          messages.remove(message);
        }
      }
    }

    @Override
    public void hideFor(Duration duration) {
      synchronized (FakeQueue.this) {
        if (message.receives == number) {
          message.visibleAt = clock.instant().plus(duration);
        }
      }
    }

    @Override
    public void sendToDeadLetters(DeadLetter letter) {
      synchronized (FakeQueue.this) {
        deadLetters.add(letter);
      }
    }
  }
}
