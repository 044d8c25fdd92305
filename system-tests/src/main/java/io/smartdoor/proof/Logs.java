package io.smartdoor.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What services have said, and nobody needs to read where everything held. */
final class Logs {

  private Logs() {}

  /** The folder and the files in it. */
  static void remove(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
