package io.smartdoor.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The settings that a service has: those of the {@code @ConfigurationProperties} records of its
 * modules, by the metadata that the build writes of them.
 *
 * @param names the properties, in order
 * @param groups what they are bound to
 */
record KnownSettings(List<ConfigurationPropertyName> names, List<Group> groups) {

  /** Where Spring Boot's annotation processor writes them, in every module. */
  private static final String METADATA = "META-INF/spring-configuration-metadata.json";

  private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("smartdoor");

  /** Who adds, leaves out or changes more letters means something else. */
  private static final int SLIPS = 3;

  /** A record, by the name of its class, and what the properties begin with that it holds. */
  record Group(String name, String type) {}

  /**
   * @throws IllegalStateException where no module on the class path has settings: the annotation
   *     processor has not seen them
   */
  static KnownSettings of(ClassLoader classes) {
    var names = new TreeSet<ConfigurationPropertyName>();
    var groups = new ArrayList<Group>();
    for (var module : modules(classes)) {
      for (var property : module.path("properties")) {
        names.add(ConfigurationPropertyName.of(property.get("name").asString()));
      }
      for (var group : module.path("groups")) {
        groups.add(new Group(group.get("name").asString(), group.get("type").asString()));
      }
    }
    if (names.isEmpty()) {
      throw new IllegalStateException(
          "expected settings in a %s, found none: compile with spring-boot-configuration-processor"
              .formatted(METADATA));
    }
    return new KnownSettings(List.copyOf(names), List.copyOf(groups));
  }

  /** The metadata of our modules: those of libraries do not mention what is ours. */
  private static List<JsonNode> modules(ClassLoader classes) {
    var modules = new ArrayList<JsonNode>();
    try {
      for (var resource : Collections.list(classes.getResources(METADATA))) {
        try (var in = resource.openStream()) {
          var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
          if (text.contains("\"smartdoor.")) {
            modules.add(JsonMapper.shared().readTree(text));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return modules;
  }

  /** All of these but those within {@code group}, which may be bound, but not set. */
  KnownSettings without(ConfigurationPropertyName group) {
    return new KnownSettings(names.stream().filter(it -> !group.isAncestorOf(it)).toList(), groups);
  }

  boolean include(GivenSetting given) {
    return names.stream().anyMatch(given::sets);
  }

  /** What whoever gave a setting that is not among these may have meant, in one line. */
  String insteadOf(GivenSetting given) {
    return closest(given) + "known are " + neighbours(given);
  }

  private String closest(GivenSetting given) {
    var letters = letters(given.asProperty());
    return names.stream()
        .filter(it -> slips(letters(it), letters) <= SLIPS)
        .min(Comparator.comparingInt(it -> slips(letters(it), letters)))
        .map(it -> "did you mean %s? ".formatted(given.likewise(it)))
        .orElse("");
  }

  /** Those of the innermost group that it may belong to, and the beginnings of groups within. */
  private String neighbours(GivenSetting given) {
    var group = given.asProperty();
    while (group.getNumberOfElements() > 1 && names.stream().noneMatch(group::isAncestorOf)) {
      group = group.getParent();
    }
    var parent = names.stream().anyMatch(group::isAncestorOf) ? group : ROOT;
    return names.stream()
        .filter(parent::isAncestorOf)
        .map(it -> {
          var child = it.chop(parent.getNumberOfElements() + 1);
          return given.likewise(child) + (child.equals(it) ? "" : given.isVariable() ? "_…" : ".…");
        })
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static String letters(ConfigurationPropertyName name) {
    return name.toString().replaceAll("[.-]", "");
  }

  /** Levenshtein's distance. */
  private static int slips(String one, String other) {
    var row = IntStream.rangeClosed(0, other.length()).toArray();
    for (var i = 1; i <= one.length(); i++) {
      var diagonal = row[0];
      row[0] = i;
      for (var j = 1; j <= other.length(); j++) {
        var replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j - 1], row[j]));
      }
    }
    return row[other.length()];
  }
}
