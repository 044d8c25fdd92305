package io.smartdoor.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.FileSystemResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The settings of the services, as docs/operations.md shows them: by the metadata that the build
 * writes of every module, and by the defaults in a service's application.yaml.
 */
final class SettingsTable {

  private static final Path METADATA =
      Path.of("target", "classes", "META-INF", "spring-configuration-metadata.json");

  private static final Pattern CODE = Pattern.compile("\\{@code ([^}]*)}");
  private static final Pattern PROPERTY = Pattern.compile("smartdoor(?:\\.[a-z-]+)+");

  /** Names settings that a service's modules have and the service refuses. */
  private static final String OF_OTHERS = "settings-of-others";

  /** What one variable sets, in whichever services have it. */
  private record Setting(
      String meaning, boolean isRequired, Set<String> defaults, Set<String> services) {}

  private final TreeMap<String, Setting> settings = new TreeMap<>();

  SettingsTable() {
    for (var service : Repository.SERVICES) {
      var file = defaultsOf(service);
      for (var module : List.of("messaging", "http-api", service + "-service")) {
        propertiesOf(module)
            .filter(it -> !nameOf(it).startsWith(file.getProperty(OF_OTHERS) + "."))
            .forEach(it -> add(it, service, file));
      }
    }
  }

  private static Stream<JsonNode> propertiesOf(String module) {
    var metadata = Repository.text(Repository.ROOT.resolve(module).resolve(METADATA));
    return JsonMapper.shared().readTree(metadata).path("properties").valueStream();
  }

  private static EnumerablePropertySource<?> defaultsOf(String service) {
    var file =
        Repository.ROOT
            .resolve(service + "-service")
            .resolve("src/main/resources/application.yaml");
    try {
      return (EnumerablePropertySource<?>)
          new YamlPropertySourceLoader().load(service, new FileSystemResource(file)).getFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(JsonNode property, String service, EnumerablePropertySource<?> file) {
    var setting =
        settings.computeIfAbsent(
            variable(nameOf(property)),
            _ ->
                new Setting(
                    meaning(property),
                    !property.path("type").asString().startsWith("java.util.Optional"),
                    new LinkedHashSet<>(),
                    new LinkedHashSet<>()));
    setting.services.add(service);
    var inFile = file.getProperty(nameOf(property));
    var value = inFile == null ? property.path("defaultValue").asString("") : inFile.toString();
    if (!value.isEmpty()) {
      setting.defaults.add("`%s`".formatted(inVariables(value.replaceAll("[${}]", ""))));
    }
  }

  private static String nameOf(JsonNode property) {
    return property.get("name").asString();
  }

  private static String meaning(JsonNode property) {
    var text = property.path("description").asString("");
    if (text.isBlank()) {
      throw new IllegalStateException(
          "expected a description of %s, found none: give its component a @param"
              .formatted(nameOf(property)));
    }
    return inVariables(CODE.matcher(text).replaceAll("`$1`")).replace("|", "\\|");
  }

  /** By environment is how services are set: so it names variables, not properties. */
  private static String inVariables(String text) {
    return PROPERTY.matcher(text).replaceAll(it -> variable(it.group()));
  }

  private static String variable(String property) {
    return property.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
  }

  /** The variables that a service has. */
  Set<String> variablesOf(String service) {
    return settings.entrySet().stream()
        .filter(it -> it.getValue().services.contains(service))
        .map(it -> it.getKey())
        .collect(Collectors.toSet());
  }

  String asMarkdown() {
    return settings.entrySet().stream()
        .map(it ->
            "| `%s` | %s | %s | %s |\n"
                .formatted(
                    it.getKey(),
                    defaultOf(it.getValue()),
                    services(it.getValue().services),
                    it.getValue().meaning))
        .collect(
            Collectors.joining(
                "", "| variable | default | services | meaning |\n|---|---|---|---|\n", ""));
  }

  private static String defaultOf(Setting setting) {
    if (setting.defaults.isEmpty()) {
      return setting.isRequired ? "– (required)" : "–";
    }
    return String.join(", ", setting.defaults);
  }

  private static String services(Set<String> services) {
    return services.containsAll(Repository.SERVICES) ? "all" : String.join(", ", services);
  }
}
