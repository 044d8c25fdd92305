package io.smartdoor.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The header fields of a message in the order they came in; names match in any case. Immutable. */
record Headers(List<Header> all) {

  /** One field. */
  record Header(String name, String value) {
    boolean is(String other) {
      return name.equalsIgnoreCase(other);
    }
  }

  /**
   * Fields that speak of one connection only: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1.
   * {@code Expect} is answered by the proxy itself.
   */
  private static final Set<String> OF_ONE_CONNECTION =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "expect");

  Headers {
    all = List.copyOf(all);
  }

  static Headers none() {
    return new Headers(List.of());
  }

  Optional<String> first(String name) {
    return all.stream().filter(it -> it.is(name)).map(Header::value).findFirst();
  }

  boolean says(String name, String token) {
    return first(name).orElse("").toLowerCase(Locale.ROOT).contains(token);
  }

  /** These fields, and this one in place of all of its name. */
  Headers with(String name, String value) {
    var changed = new ArrayList<>(without(name).all);
    changed.add(new Header(name, value));
    return new Headers(changed);
  }

  Headers without(String name) {
    return new Headers(all.stream().filter(it -> !it.is(name)).toList());
  }

  Headers toPassOn() {
    return new Headers(
        all.stream()
            .filter(it -> !OF_ONE_CONNECTION.contains(it.name().toLowerCase(Locale.ROOT)))
            .toList());
  }
}
