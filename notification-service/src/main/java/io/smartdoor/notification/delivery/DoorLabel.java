package io.smartdoor.notification.delivery;

import io.smartdoor.events.DoorReference;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A door's name as it may be shown: whoever publishes an event chooses it, so it is one line here,
 * and a short one.
 */
final class DoorLabel {

  /** In characters (code points); the lock service takes fewer. */
  static final int LONGEST = 100;

  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Zl}\\p{Zp}\\p{Cs}]");

  private DoorLabel() {}

  /** The same door with its name as it may be shown; none where nothing of the name is left. */
  static DoorReference shown(DoorReference door) {
    return new DoorReference(door.id(), door.name().flatMap(DoorLabel::shown));
  }

  private static Optional<String> shown(String name) {
    var line = UNPRINTABLE.matcher(name).replaceAll(" ").strip();
    if (line.codePointCount(0, line.length()) > LONGEST) {
      line = line.substring(0, line.offsetByCodePoints(0, LONGEST - 1)).strip() + "…";
    }
    return Optional.of(line).filter(text -> !text.isEmpty());
  }
}
