package io.smartdoor.lock.webhook;

import io.smartdoor.events.DoorId;
import io.smartdoor.lock.door.DoorKey;
import io.smartdoor.lock.door.Doors;
import io.smartdoor.lock.door.KeyedDoor;
import java.time.Instant;
import java.util.Optional;

/**
 * Finds out whether a door sent what claims to be from it. To whoever has no door's key, a door
 * that does not exist looks like one that does, also by how long it takes.
 *
 * <p>A signature by a key that this instance remembers proves its sender, and is believed while
 * what is remembered is current. Anything else is looked up, and that is at the expense of where it
 * comes from. So nobody's failures keep out a door that this instance remembers, and what is
 * remembered makes nothing quicker for who cannot sign.
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
   * @param expense pays for whatever is not proved: one is taken, and given back if the look-up
   *     proves it
   */
  SignatureCheck check(
      String id, WebhookHeaders headers, byte[] body, Instant now, Unproven expense) {
    if (WebhookSignature.isOutOfTime(headers.sentAt(), now)) {
      return paid(expense, new SignatureCheck.OutOfTime());
    }
    if (!DoorId.isValid(id)) {
      return paid(expense, new SignatureCheck.NoMatch());
    }
    var door = new DoorId(id);
    var recalled = doors.recall(door);
    if (isSignedBy(recalled, headers, body)) {
      return doors.isCurrent(recalled.orElseThrow())
          ? new SignatureCheck.Valid(recalled.orElseThrow().door())
          : lookedUp(door, headers, body);
    }
    var wait = expense.take();
    if (wait.isPositive()) {
      return new SignatureCheck.TooMany(wait);
    }
    var check = lookedUp(door, headers, body);
    if (check instanceof SignatureCheck.Valid) {
      expense.giveBack();
    }
    return check;
  }

  private static SignatureCheck paid(Unproven expense, SignatureCheck check) {
    var wait = expense.take();
    return wait.isPositive() ? new SignatureCheck.TooMany(wait) : check;
  }

  private SignatureCheck lookedUp(DoorId id, WebhookHeaders headers, byte[] body) {
    var found = doors.findWithKey(id);
    return isSignedBy(found, headers, body)
        ? new SignatureCheck.Valid(found.orElseThrow().door())
        : new SignatureCheck.NoMatch();
  }

  /** Computes as much where there is no door. */
  private boolean isSignedBy(Optional<KeyedDoor> door, WebhookHeaders headers, byte[] body) {
    var key = door.map(KeyedDoor::key).orElse(decoy);
    return WebhookSignature.matches(headers, body, key) && door.isPresent();
  }
}
