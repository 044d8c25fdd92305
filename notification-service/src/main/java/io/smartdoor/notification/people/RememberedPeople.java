package io.smartdoor.notification.people;

import io.smartdoor.events.UserReference;
import io.smartdoor.notification.memory.Memory;
import io.smartdoor.notification.memory.Readings;
import java.time.Instant;
import java.util.Optional;

/**
 * A directory in which a name is not looked up anew for every event: what {@link Readings} says
 * holds for {@link #nameAsOf}. What is changed here is forgotten at once.
 */
final class RememberedPeople implements People {

  /** People whose names are remembered. */
  private static final int MOST = 10_000;

  private final People people;
  private final Readings<UserReference, Optional<DisplayName>> names;

  RememberedPeople(People people, Memory memory) {
    this.people = people;
    this.names = memory.readings(MOST);
  }

  @Override
  public Optional<DisplayName> nameAsOf(Instant asOf, UserReference person) {
    return names.asOf(person, asOf, () -> people.nameOf(person));
  }

  @Override
  public Optional<DisplayName> nameOf(UserReference person) {
    return people.nameOf(person);
  }

  @Override
  public boolean put(UserReference person, DisplayName name) {
    try {
      return people.put(person, name);
    } finally {
      names.forget(person);
    }
  }

  @Override
  public void remove(UserReference person) {
    try {
      people.remove(person);
    } finally {
      names.forget(person);
    }
  }
}
