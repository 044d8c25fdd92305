package io.smartdoor.lock.door;

/** A door and the key that it signs with. */
public record KeyedDoor(Door door, DoorKey key) {}
