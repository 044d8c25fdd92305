package io.smartdoor.lock.webhook;

import io.smartdoor.events.DoorId;
import io.smartdoor.lock.door.DoorKey;
import io.smartdoor.lock.door.Doors;
import io.smartdoor.lock.door.KeyedDoor;
import java.time.Instant;

/**
 * Finds out whether a door sent what claims to be from it. To whoever has no door's key, a door
 * that does not exist looks like one that does, also by how long it takes.
 */
final class WebhookVerifier {

  private final Doors doors;
  private final DoorKey decoy;

  /**
   * @param decoy a key that nobody knows, in place of that of a door which does not exist
   */
  WebhookVerifier(Doors doors, DoorKey decoy) {
    this.doors = doors;
    this.decoy = decoy;
  }

  /**
   * @param id as the request names it. What cannot be a door's id is not looked up: that it is none
   *     is no secret
   */
  SignatureCheck check(String id, WebhookHeaders headers, byte[] body, Instant now) {
    if (WebhookSignature.isOutOfTime(headers.sentAt(), now)) {
      return new SignatureCheck.OutOfTime();
    }
    if (!DoorId.isValid(id)) {
      return new SignatureCheck.NoMatch();
    }
    var found = doors.findWithKey(new DoorId(id));
    var key = found.map(KeyedDoor::key).orElse(decoy);
    return WebhookSignature.matches(headers, body, key) && found.isPresent()
        ? new SignatureCheck.Valid(found.get().door())
        : new SignatureCheck.NoMatch();
  }
}
