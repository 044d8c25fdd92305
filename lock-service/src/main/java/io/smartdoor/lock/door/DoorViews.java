package io.smartdoor.lock.door;

import io.smartdoor.events.DoorId;
import io.smartdoor.events.DoorState;
import io.smartdoor.events.DoorStatus;
import io.smartdoor.events.OperationSource;
import io.smartdoor.events.UserReference;
import io.smartdoor.lock.outbox.HistoryPage;
import io.smartdoor.lock.outbox.HistoryPosition;
import io.smartdoor.lock.outbox.RecordedEvent;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.AdditionalPropertiesValue;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the doors' API reads and writes. */
final class DoorViews {

  private static final String ID_PATTERN = "^" + DoorId.FORM + "$";

  private DoorViews() {}

  @Schema(name = "NewDoor", additionalProperties = AdditionalPropertiesValue.FALSE)
  record New(
      @Schema(requiredMode = RequiredMode.REQUIRED, pattern = ID_PATTERN, example = "front-door")
          @Nullable String id,
      @Schema(
              requiredMode = RequiredMode.REQUIRED,
              minLength = 1,
              maxLength = DoorName.MAX_LENGTH,
              pattern = DoorName.PATTERN,
              example = "Front door")
          @Nullable String name) {}

  @Schema(name = "RegisteredDoor", additionalProperties = AdditionalPropertiesValue.FALSE)
  record Registered(
      @Schema(requiredMode = RequiredMode.REQUIRED, pattern = ID_PATTERN) String id,
      @Schema(requiredMode = RequiredMode.REQUIRED) String name,
      @Schema(
              requiredMode = RequiredMode.REQUIRED,
              pattern = "^whsec_[A-Za-z0-9+/]{43}=$",
              description = "Signs the door's webhooks (Standard Webhooks, v1). Shown this once.")
          String secret) {

    static Registered of(Door door, DoorKey key) {
      return new Registered(door.id().value(), door.name().value(), key.asText());
    }

    /** Not the secret: this goes into logs. */
    @Override
    public String toString() {
      return "Registered[id=%s]".formatted(id);
    }
  }

  @Schema(name = "Door", additionalProperties = AdditionalPropertiesValue.FALSE)
  record Current(
      @Schema(requiredMode = RequiredMode.REQUIRED, pattern = ID_PATTERN) String id,
      @Schema(requiredMode = RequiredMode.REQUIRED) String name,
      @Schema(
              description = "As last reported; absent before the first report.",
              ref = DoorStates.REF)
          @Nullable String state,
      @Schema(description = "When that state was reported to have begun.")
          @Nullable Instant since) {

    static Current of(Door door, Optional<RecordedEvent> newest) {
      return new Current(
          door.id().value(),
          door.name().value(),
          newest.map(RecordedEvent::event).map(DoorStatus::state).map(DoorState::text).orElse(null),
          newest.map(RecordedEvent::occurredAt).orElse(null));
    }
  }

  @Schema(name = "Doors", additionalProperties = AdditionalPropertiesValue.FALSE)
  record Page(
      @Schema(requiredMode = RequiredMode.REQUIRED) List<Current> items,
      @Schema(description = "The `cursor` of the next page; absent on the last.")
          @Nullable String next) {

    static Page of(List<Current> items, Optional<DoorId> next) {
      return new Page(items, next.map(DoorId::value).orElse(null));
    }
  }

  @Schema(name = "User", additionalProperties = AdditionalPropertiesValue.FALSE)
  record User(
      @Schema(requiredMode = RequiredMode.REQUIRED) String id,
      @Schema(requiredMode = RequiredMode.REQUIRED) String store) {

    static User of(UserReference user) {
      return new User(user.id(), user.store());
    }
  }

  @Schema(name = "DoorEvent", additionalProperties = AdditionalPropertiesValue.FALSE)
  record Event(
      @Schema(requiredMode = RequiredMode.REQUIRED, format = "uuid") String idempotencyKey,
      @Schema(requiredMode = RequiredMode.REQUIRED, ref = DoorStates.REF) String state,
      @Schema(requiredMode = RequiredMode.REQUIRED) Instant occurredAt,
      @Schema(requiredMode = RequiredMode.REQUIRED) Instant acceptedAt,
      @Nullable User user,
      @Nullable String operationSource,
      @Schema(description = "When the event bus took it; absent before that.")
          @Nullable Instant publishedAt,
      @Schema(description = "Why the event bus will never take it; absent where it did or may.")
          @Nullable String parkedCode) {

    static Event of(RecordedEvent recorded) {
      var event = recorded.event();
      return new Event(
          recorded.key().toString(),
          event.state().text(),
          recorded.occurredAt(),
          recorded.acceptedAt(),
          event.user().map(User::of).orElse(null),
          event.operationSource().map(OperationSource::text).orElse(null),
          recorded.publishedAt().orElse(null),
          recorded.parkedCode().orElse(null));
    }
  }

  @Schema(name = "DoorEvents", additionalProperties = AdditionalPropertiesValue.FALSE)
  record Events(
      @Schema(requiredMode = RequiredMode.REQUIRED) List<Event> items,
      @Schema(description = "The `cursor` of the next page; absent on the last.")
          @Nullable String next) {

    static Events of(HistoryPage page) {
      return new Events(
          page.items().stream().map(Event::of).toList(),
          page.next().map(HistoryPosition::cursor).orElse(null));
    }
  }
}
