package io.smartdoor.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The metrics in docs/operations.md are those of the code, of whichever service has them. */
class MetricsTest {

  private static final Path DOCUMENT = Repository.ROOT.resolve("docs/operations.md");

  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(smartdoor\\.[a-z.-]+)` \\|[^|]*\\| ([a-z, ]+) \\|");

  private static final Pattern MESSAGING = Pattern.compile("io/smartdoor/messaging/([a-z]+)/");

  private static final Pattern NAME = Pattern.compile("smartdoor\\.[a-z-]+(\\.[a-z-]+)?");

  @Test
  void theDocumentExplainsEveryMetricAndNoOther() {
    var documented =
        ROW.matcher(Repository.text(DOCUMENT))
            .results()
            .collect(
                Collectors.toMap(
                    it -> it.group(1), it -> new TreeSet<>(List.of(it.group(2).split(", ")))));

    assertThat(documented).hasSizeGreaterThan(15).isEqualTo(metrics());
  }

  /** By metric, the services that have it. */
  private static Map<String, Set<String>> metrics() {
    var metrics = new TreeMap<String, Set<String>>();
    for (var service : Repository.SERVICES) {
      var used = packagesUsedBy(service);
      Stream.concat(
              named(service + "-service"),
              named("messaging").filter(it -> used.contains(it.inPackage)))
          .forEach(it -> metrics.computeIfAbsent(it.name, _ -> new TreeSet<>()).add(service));
    }
    return metrics;
  }

  private record Named(String name, String inPackage) {}

  /** Of messaging's: whoever subscribes to nothing consumes nothing, and so on. */
  private static Set<String> packagesUsedBy(String service) {
    return classes(service + "-service")
        .flatMap(file -> constants(file).stream())
        .filter(ClassEntry.class::isInstance)
        .map(it -> MESSAGING.matcher(((ClassEntry) it).asInternalName()))
        .filter(Matcher::lookingAt)
        .map(it -> it.group(1))
        .collect(Collectors.toSet());
  }

  /**
   * The names in classes that use Micrometer's meters: whole, for a name that is put together is
   * none that somebody could look for.
   */
  private static Stream<Named> named(String module) {
    return classes(module)
        .flatMap(file -> {
          var constants = constants(file);
          return usesMeters(constants)
              ? constants.stream()
                  .filter(StringEntry.class::isInstance)
                  .map(it -> ((StringEntry) it).stringValue())
                  .filter(NAME.asMatchPredicate())
                  .filter(it -> !it.equals("smartdoor.bus.name"))
                  .map(it -> new Named(it, nameOfFolder(file)))
              : Stream.of();
        });
  }

  private static Stream<Path> classes(String module) {
    var folder = Repository.ROOT.resolve(module).resolve("target/classes");
    return Repository.filesUnder(folder).stream().filter(it -> it.toString().endsWith(".class"));
  }

  private static String nameOfFolder(Path file) {
    return Objects.requireNonNull(file.getParent()).getFileName().toString();
  }

  private static boolean usesMeters(List<PoolEntry> constants) {
    return constants.stream()
        .anyMatch(it ->
            it instanceof ClassEntry type
                && type.asInternalName().startsWith("io/micrometer/core/instrument/")
                && !type.asInternalName().contains("/composite/"));
  }

  private static List<PoolEntry> constants(Path file) {
    try {
      return StreamSupport.stream(ClassFile.of().parse(file).constantPool().spliterator(), false)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
