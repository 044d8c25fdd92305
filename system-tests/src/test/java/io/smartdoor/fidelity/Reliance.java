package io.smartdoor.fidelity;

import static java.util.Comparator.comparing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A test that relies on a behaviour of AWS's.
 *
 * @param test its simple name
 * @param behaviour the behaviour's name
 */
record Reliance(String test, String behaviour) {

  private static final String SUFFIX = "Test.class";

  /** Those of this module, by name. */
  static List<Reliance> ofTheseTests() throws Exception {
    var compiled =
        Path.of(Reliance.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (var files = Files.walk(compiled)) {
      return files
          .map(it -> compiled.relativize(it).toString())
          .filter(it -> it.endsWith(SUFFIX))
          .map(it -> it.substring(0, it.length() - ".class".length()).replace('/', '.'))
          .flatMap(it -> ofTest(it).stream())
          .sorted(comparing(Reliance::test))
          .toList();
    }
  }

  private static Optional<Reliance> ofTest(String name) {
    try {
      var test = Class.forName(name, false, Reliance.class.getClassLoader());
      return Optional.ofNullable(test.getAnnotation(ReliesOn.class))
          .map(it -> new Reliance(test.getSimpleName(), it.value()));
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
