package io.smartdoor.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * The diagram of docs/architecture.md, as a test: who may depend on whom, and that no service knows
 * another.
 */
class ModulesTest {

  private static final Map<String, Set<String>> MAY_DEPEND_ON =
      Map.of(
          "event-schemas", Set.of(),
          "infra", Set.of(),
          "http-api", Set.of(),
          "messaging", Set.of("event-schemas"),
          "lock-service", Set.of("messaging", "event-schemas", "http-api"),
          "notification-service", Set.of("messaging", "event-schemas", "http-api"),
          "identification-service", Set.of("messaging", "event-schemas", "http-api"),
          // Looks at all of it from outside; nothing that is delivered depends on it.
          "system-tests",
              Set.of(
                  "event-schemas",
                  "infra",
                  "messaging",
                  "http-api",
                  "lock-service",
                  "notification-service",
                  "identification-service"));

  private static final Map<String, String> PORTS =
      Map.of("lock", "8081", "notification", "8082", "identification", "8083");

  static Stream<Arguments> modules() {
    return MAY_DEPEND_ON.entrySet().stream().map(it -> Arguments.of(it.getKey(), it.getValue()));
  }

  @Test
  void everyModuleIsLookedAtHere() throws Exception {
    var modules = pom(Repository.ROOT).getElementsByTagName("module");

    assertThat(IntStream.range(0, modules.getLength()).mapToObj(modules::item))
        .extracting(Node::getTextContent)
        .containsExactlyInAnyOrderElementsOf(MAY_DEPEND_ON.keySet());
  }

  static Stream<Arguments> pairsOfServices() {
    return Repository.SERVICES.stream()
        .flatMap(one ->
            Repository.SERVICES.stream()
                .filter(other -> !other.equals(one))
                .map(other -> Arguments.of(one, other)));
  }

  @ParameterizedTest
  @MethodSource("modules")
  void aModuleDependsOnWhatItMayAndNothingElse(String module, Set<String> allowed)
      throws Exception {
    assertThat(ownDependenciesOf(module)).isSubsetOf(allowed);
  }

  @ParameterizedTest
  @MethodSource("pairsOfServices")
  void aServiceNamesNeitherPackageNorHostNorPortNorResourceOfAnother(String one, String other) {
    var names =
        Pattern.compile(
            String.join(
                "|",
                Pattern.quote("io.smartdoor." + other),
                "\\b%s-service\\b".formatted(other),
                "\\b%s\\b".formatted(PORTS.get(other)),
                "smartdoor-%s\\b".formatted(other),
                "smartdoor\\.%s\\b".formatted(other),
                "SMARTDOOR_%s_".formatted(other.toUpperCase(Locale.ROOT))));
    var sources =
        Repository.filesUnder(Repository.ROOT.resolve(one + "-service").resolve("src/main"));

    assertThat(sources).as("files of %s-service", one).hasSizeGreaterThan(5);
    assertThat(sources).filteredOn(saying(names)).isEmpty();
  }

  private static Predicate<Path> saying(Pattern names) {
    return file -> names.matcher(Repository.text(file)).find();
  }

  /** The dependencies of a module on modules of this project, those of its tests left out. */
  private static Set<String> ownDependenciesOf(String module) throws Exception {
    var dependencies = pom(Repository.ROOT.resolve(module)).getElementsByTagName("dependency");
    var own = new TreeSet<String>();
    for (var i = 0; i < dependencies.getLength(); i++) {
      var dependency = (Element) dependencies.item(i);
      if (textOf(dependency, "groupId").equals(List.of("io.smartdoor"))
          && !textOf(dependency, "scope").equals(List.of("test"))) {
        own.addAll(textOf(dependency, "artifactId"));
      }
    }
    return own;
  }

  private static Document pom(Path folder) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(folder.resolve("pom.xml").toFile());
  }

  private static List<String> textOf(Element dependency, String tag) {
    var found = dependency.getElementsByTagName(tag);
    return found.getLength() == 0 ? List.of() : List.of(found.item(0).getTextContent());
  }
}
