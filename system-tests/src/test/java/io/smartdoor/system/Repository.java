package io.smartdoor.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The repository's own files, as the tests read them. */
final class Repository {

  /** Maven runs a module's tests in the module's folder. */
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  static final List<String> SERVICES = List.of("lock", "notification", "identification");

  private Repository() {}

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Path> filesUnder(Path folder) {
    try (var files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
