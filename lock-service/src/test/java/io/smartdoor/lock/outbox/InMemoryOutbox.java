package io.smartdoor.lock.outbox;

import io.smartdoor.events.DoorId;
import io.smartdoor.events.DoorStatus;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.events.SmartDoorEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The outbox without a table: what it promises, and nothing of how. */
final class InMemoryOutbox implements Outbox, Backlog, ParkedEvents {

  private record Item(
      AcceptedEvent event,
      @Nullable PendingEvent pending,
      Optional<Instant> publishedAt,
      Optional<String> parkedCode) {}

  /** Neither a multiple of a relay's batch nor a part of it. */
  private static final int PAGE = 13;

  private final Map<IdempotencyKey, Item> items = new LinkedHashMap<>();
  private final Map<IdempotencyKey, ParkedEvent> parked = new LinkedHashMap<>();
  private final Duration lease;

  InMemoryOutbox(Duration lease) {
    this.lease = lease;
  }

  @Override
  public synchronized Acceptance accept(AcceptedEvent event) {
    var known = items.get(event.key());
    if (known == null) {
      items.put(
          event.key(),
          new Item(event, PendingEvent.accepted(event, lease), Optional.empty(), Optional.empty()));
      return new Acceptance.New(new Receipt(event.key(), event.door(), event.acceptedAt()));
    }
    var stored = known.event();
    return stored.door().equals(event.door()) && stored.body().equals(event.body())
        ? new Acceptance.Replayed(new Receipt(stored.key(), stored.door(), stored.acceptedAt()))
        : new Acceptance.Conflicting();
  }

  @Override
  public synchronized Optional<RecordedEvent> newest(DoorId door) {
    return history(door, 1, Optional.empty()).items().stream().findFirst();
  }

  @Override
  public synchronized HistoryPage history(
      DoorId door, int limit, Optional<HistoryPosition> before) {
    var found =
        items.values().stream()
            .filter(it -> it.event().door().equals(door))
            .filter(it ->
                before.isEmpty() || position(it).sortKey().compareTo(before.get().sortKey()) < 0)
            .sorted(Comparator.comparing((Item it) -> position(it).sortKey()).reversed())
            .limit(limit + 1L)
            .toList();
    return new HistoryPage(
        found.stream().limit(limit).map(InMemoryOutbox::recorded).toList(),
        found.size() > limit ? Optional.of(position(found.get(limit - 1))) : Optional.empty());
  }

  private static HistoryPosition position(Item item) {
    return new HistoryPosition(item.event().occurredAt(), item.event().key());
  }

  private static RecordedEvent recorded(Item item) {
    var outgoing = item.event().outgoing();
    var envelope =
        "{\"source\":\"%s\",\"detail-type\":\"%s\",\"time\":\"%s\",\"detail\":%s}"
            .formatted(
                SmartDoorEvent.SOURCE, outgoing.detailType(), outgoing.time(), outgoing.detail());
    return new RecordedEvent(
        (DoorStatus) OutboxFixture.CODEC.decode(envelope).event(),
        item.event().occurredAt(),
        item.event().acceptedAt(),
        item.publishedAt(),
        item.parkedCode());
  }

  @Override
  public synchronized Iterable<List<PendingEvent>> due(int shard, Instant now) {
    return items.values().stream()
        .map(Item::pending)
        .<PendingEvent>mapMulti((pending, found) -> {
          if (pending != null
              && Math.floorMod(pending.key().value().hashCode(), SHARDS) == shard
              && !pending.isHeldAt(now)) {
            found.accept(pending);
          }
        })
        .gather(Gatherers.windowFixed(PAGE))
        .toList();
  }

  @Override
  public synchronized Optional<PendingEvent> lease(PendingEvent event, Instant now, Instant until) {
    var pending = items.containsKey(event.key()) ? item(event).pending() : null;
    if (pending == null || pending.isHeldAt(now)) {
      return Optional.empty();
    }
    var leased = pending.leased(until);
    put(event, leased, item(event).publishedAt(), item(event).parkedCode());
    return Optional.of(leased);
  }

  @Override
  public synchronized void settle(PendingEvent event, Settlement settlement) {
    var pending = item(event).pending();
    switch (settlement) {
      case Settlement.Published(var at, _) -> {
        parked.remove(event.key());
        put(event, null, item(event).publishedAt().or(() -> Optional.of(at)), Optional.empty());
      }
      case Settlement.Parked it -> {
        if (pending != null) {
          parked.put(event.key(), parked(item(event).event(), it));
          put(event, null, Optional.empty(), Optional.of(it.code()));
        }
      }
      case Settlement.RetryAt(var at) -> {
        if (pending != null && pending.leasedUntil().equals(event.leasedUntil())) {
          put(
              event,
              new PendingEvent(
                  pending.key(), pending.outgoing(), pending.since(), at, pending.attempts() + 1),
              Optional.empty(),
              Optional.empty());
        }
      }
    }
  }

  @Override
  public synchronized Optional<Instant> oldest() {
    return pendingEvents().map(AcceptedEvent::acceptedAt).min(Instant::compareTo);
  }

  @Override
  public synchronized Survey survey() {
    return new Survey(pendingEvents().count(), parked.size());
  }

  private Stream<AcceptedEvent> pendingEvents() {
    return items.values().stream().filter(it -> it.pending() != null).map(Item::event);
  }

  private static ParkedEvent parked(AcceptedEvent event, Settlement.Parked settlement) {
    return new ParkedEvent(
        event.key(),
        event.door(),
        event.outgoing(),
        event.acceptedAt(),
        settlement.at().truncatedTo(ChronoUnit.MILLIS),
        settlement.code(),
        settlement.message());
  }

  @Override
  public synchronized ParkedPage page(int limit, Optional<HistoryPosition> after) {
    var found =
        parked.values().stream()
            .filter(it ->
                after.isEmpty() || it.position().sortKey().compareTo(after.get().sortKey()) > 0)
            .sorted(Comparator.comparing(it -> it.position().sortKey()))
            .limit(limit + 1L)
            .toList();
    var shown = found.stream().limit(limit).toList();
    return new ParkedPage(
        shown, found.size() > limit ? Optional.of(shown.getLast().position()) : Optional.empty());
  }

  @Override
  public synchronized Optional<ParkedEvent> find(IdempotencyKey key) {
    return Optional.ofNullable(parked.get(key));
  }

  @Override
  public synchronized Unparking redrive(IdempotencyKey key, Instant now) {
    var found = parked.remove(key);
    if (found == null) {
      return instead(key);
    }
    var pending = new PendingEvent(key, found.outgoing(), found.acceptedAt(), now, 0);
    put(pending, pending, Optional.empty(), Optional.empty());
    return new Unparking.Done();
  }

  @Override
  public synchronized Unparking drop(
      IdempotencyKey key, DropReason reason, Instant now, Instant expiresAt) {
    return parked.remove(key) == null ? instead(key) : new Unparking.Done();
  }

  private Unparking instead(IdempotencyKey key) {
    var item = items.get(key);
    if (item == null) {
      return new Unparking.Unknown();
    }
    return new Unparking.NotParked(
        item.pending() != null
            ? Unparking.State.PENDING
            : item.publishedAt().isPresent() ? Unparking.State.PUBLISHED : Unparking.State.DROPPED);
  }

  private Item item(PendingEvent event) {
    var item = items.get(event.key());
    if (item == null) {
      throw new IllegalStateException("nothing was accepted under " + event.key());
    }
    return item;
  }

  private void put(
      PendingEvent event,
      @Nullable PendingEvent pending,
      Optional<Instant> publishedAt,
      Optional<String> parkedCode) {
    items.put(event.key(), new Item(item(event).event(), pending, publishedAt, parkedCode));
  }
}
