package io.smartdoor.infra;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files under test. Surefire runs in the module's own folder. */
final class Repository {

  static final Path STACKS = Path.of("stacks").toAbsolutePath();
  static final Path WORKFLOW = Path.of("workflows", "identify.asl.json").toAbsolutePath();

  private Repository() {}

  static List<Path> templates() {
    try (var files = Files.list(STACKS)) {
      return files.filter(it -> it.toString().endsWith(".yaml")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
