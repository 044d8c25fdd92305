package io.smartdoor.notification;

import io.smartdoor.events.Confidence;
import io.smartdoor.events.DetailType;
import io.smartdoor.events.DoorId;
import io.smartdoor.events.DoorReference;
import io.smartdoor.events.DoorState;
import io.smartdoor.events.DoorStatus;
import io.smartdoor.events.EventMetadata;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.events.IdentificationFailed;
import io.smartdoor.events.IdentificationMethod;
import io.smartdoor.events.PersonIdentified;
import io.smartdoor.events.PersonUnrecognised;
import io.smartdoor.events.ReasonCode;
import io.smartdoor.events.ReceivedEvent;
import io.smartdoor.events.SmartDoorEvent;
import io.smartdoor.events.UserReference;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What happens at doors, in tests: a status and what was found out about it. */
public final class Events {

  public static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  public static final UserReference ANNA = new UserReference("anna", UserReference.RESIDENTS);
  public static final DoorReference FRONT_DOOR =
      DoorReference.of(new DoorId("front-door"), "Front door");

  private Events() {}

  /** A chain of its own begins: the front door is in {@code state}. */
  public static DoorStatus frontDoorIs(DoorState state) {
    return doorIs(state, Optional.of(FRONT_DOOR));
  }

  public static DoorStatus doorIs(DoorState state, Optional<DoorReference> door) {
    var key = new IdempotencyKey(UUID.randomUUID());
    return new DoorStatus(
        metadata(key), state, door, Optional.empty(), Optional.empty(), List.of());
  }

  /** Without {@code accepted-at}: an event that was accepted long ago is handled no more. */
  private static EventMetadata metadata(IdempotencyKey key) {
    return new EventMetadata(
        key,
        Optional.empty(),
        Optional.empty(),
        Optional.of(NOON),
        Optional.empty(),
        EventMetadata.CURRENT_SCHEMA_VERSION,
        Optional.empty());
  }

  public static PersonIdentified identified(DoorStatus opening, UserReference user) {
    return new PersonIdentified(
        EventMetadata.followUp(opening.metadata(), DetailType.PERSON_IDENTIFIED),
        opening.door(),
        Optional.of(user),
        Optional.of(IdentificationMethod.CREDENTIAL),
        Optional.of(new Confidence(100)));
  }

  public static PersonUnrecognised unrecognised(DoorStatus opening, String reason) {
    return new PersonUnrecognised(
        EventMetadata.followUp(opening.metadata(), DetailType.PERSON_UNRECOGNISED),
        opening.door(),
        List.of(),
        Optional.of(new Confidence(0)),
        Optional.of(new ReasonCode(reason)));
  }

  public static IdentificationFailed failed(DoorStatus opening, String reason) {
    return new IdentificationFailed(
        EventMetadata.followUp(opening.metadata(), DetailType.IDENTIFICATION_FAILED),
        opening.door(),
        Optional.of(new ReasonCode(reason)));
  }

  /** As it comes off the queue, a little later. */
  public static ReceivedEvent received(SmartDoorEvent event) {
    return new ReceivedEvent(NOON.plusSeconds(1), event);
  }
}
