package io.smartdoor.events;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The JSON files that this module ships, as the tests read them. */
final class Resources {

  static final JsonMapper JSON = new JsonMapper();

  private Resources() {}

  /**
   * Names of the files in a folder of this package or of the class path's root ({@code
   * /released/0.1.0}).
   */
  static List<String> names(String folder) {
    try (var files = Files.list(path(folder))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(String name) {
    try {
      return Files.readString(path(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode json(String name) {
    return JSON.readTree(text(name));
  }

  static String sample(String name) {
    return text("samples/" + name + ".json");
  }

  private static Path path(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(
                  SmartDoorEvent.class.getResource(name), () -> "no resource " + name)
              .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
