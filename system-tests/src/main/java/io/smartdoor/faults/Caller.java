package io.smartdoor.faults;

/**
 * Who makes a call: one running instance of a service.
 *
 * @param service {@code lock}, say
 * @param instance counted from 1
 */
public record Caller(String service, int instance) {

  public Caller {
    if (service.isBlank() || instance < 1) {
      throw new IllegalArgumentException(
          "expected a service and an instance from 1 on, found '%s' and %d"
              .formatted(service, instance));
    }
  }

  /** The first, and mostly the only, instance of a service. */
  public static Caller of(String service) {
    return new Caller(service, 1);
  }

  @Override
  public String toString() {
    return service + "-" + instance;
  }
}
