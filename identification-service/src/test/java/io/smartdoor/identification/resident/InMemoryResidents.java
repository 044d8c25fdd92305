package io.smartdoor.identification.resident;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Residents for the length of a test. Keeps counters, as the table does, instead of counting. */
final class InMemoryResidents implements Residents {

  private final TreeMap<String, Resident> residents = new TreeMap<>();
  private final Map<Credential, ResidentId> owners = new HashMap<>();
  private final Map<String, Long> counters = new HashMap<>();

  @Override
  public synchronized Registration register(Resident resident) {
    var taken = new TreeMap<Credential, ResidentId>();
    for (var credential : resident.credentials()) {
      ownerOf(credential)
          .filter(owner -> !owner.equals(resident.id()))
          .ifPresent(owner -> taken.put(credential, owner));
    }
    if (!taken.isEmpty()) {
      return new Registration.Taken(taken);
    }
    var existed = remove(resident.id());
    residents.put(resident.id().value(), resident);
    for (var credential : resident.credentials()) {
      owners.put(credential, resident.id());
      counters.merge(credential.store(), 1L, Long::sum);
    }
    return existed ? new Registration.Replaced() : new Registration.Created();
  }

  @Override
  public synchronized Optional<Resident> find(ResidentId id) {
    return Optional.ofNullable(residents.get(id.value()));
  }

  @Override
  public synchronized ResidentPage list(int limit, Optional<ResidentId> after) {
    var rest = after.map(id -> residents.tailMap(id.value(), false)).orElse(residents);
    List<Resident> found = new ArrayList<>(rest.values());
    return ResidentPage.of(found.subList(0, Math.min(found.size(), limit + 1)), limit);
  }

  @Override
  public synchronized boolean remove(ResidentId id) {
    var removed = Optional.ofNullable(residents.remove(id.value()));
    removed
        .map(Resident::credentials)
        .ifPresent(credentials -> {
          for (var credential : credentials) {
            owners.remove(credential);
            counters.merge(credential.store(), -1L, Long::sum);
          }
        });
    return removed.isPresent();
  }

  synchronized Optional<ResidentId> ownerOf(Credential credential) {
    return Optional.ofNullable(owners.get(credential));
  }

  synchronized long registeredIn(String store) {
    return Optional.ofNullable(counters.get(store)).orElse(0L);
  }
}
