package io.smartdoor.identification.resident;

import java.util.Optional;

class InMemoryResidentsTest extends ResidentsContract {

  private final InMemoryResidents residents = new InMemoryResidents();

  @Override
  Residents residents() {
    return residents;
  }

  @Override
  Optional<ResidentId> ownerOf(Credential credential) {
    return residents.ownerOf(credential);
  }

  @Override
  long registeredIn(String store) {
    return residents.registeredIn(store);
  }
}
