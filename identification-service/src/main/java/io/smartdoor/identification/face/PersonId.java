package io.smartdoor.identification.face;

/** Who a face belongs to, as whoever enrolled it calls them. Not blank. */
public record PersonId(String value) implements Comparable<PersonId> {

  public PersonId {
    if (value.isBlank()) {
      throw new IllegalArgumentException("expected the id of a person, found a blank");
    }
  }

  @Override
  public int compareTo(PersonId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
