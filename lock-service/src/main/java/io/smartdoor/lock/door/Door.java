package io.smartdoor.lock.door;

import io.smartdoor.events.DoorId;

/** A door that may report to this service. */
public record Door(DoorId id, DoorName name) {}
