package io.smartdoor.notification.people;

import io.smartdoor.events.UserReference;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A directory of one JVM, under the same contract as DynamoDB's. */
public final class InMemoryPeople implements People {

  private final Map<UserReference, DisplayName> names = new ConcurrentHashMap<>();

  @Override
  public Optional<DisplayName> nameOf(UserReference person) {
    return Optional.ofNullable(names.get(person));
  }

  @Override
  public boolean put(UserReference person, DisplayName name) {
    return names.put(person, name) == null;
  }

  @Override
  public void remove(UserReference person) {
    names.remove(person);
  }
}
