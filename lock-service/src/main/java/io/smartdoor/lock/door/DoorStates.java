package io.smartdoor.lock.door;

import io.smartdoor.events.DoorState;

/** The states of a door, as the API's document names them: what they are says {@link DoorState}. */
public final class DoorStates {

  /** Refers to them in the document. */
  public static final String REF = "#/components/schemas/" + DoorStates.NAME;

  static final String NAME = "DoorState";

  private DoorStates() {}
}
