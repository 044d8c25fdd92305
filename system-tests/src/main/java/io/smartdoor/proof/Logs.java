package io.smartdoor.proof;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** What services have said, and nobody needs to read where everything held. */
public final class Logs {

  private Logs() {}

  /**
   * A new folder for them. Where it is, is said again at the end, however that comes, unless it was
   * removed by then.
   *
   * @param prefix of its name
   */
  public static Path folder(String prefix, PrintStream errors) throws IOException {
    var folder = Files.createTempDirectory(prefix);
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().unstarted(() -> sayWhereTheyAre(folder, errors)));
    return folder;
  }

  static void sayWhereTheyAre(Path folder, PrintStream errors) {
    if (Files.exists(folder)) {
      errors.println("- the logs of the services are in " + folder);
    }
  }

  /** The folder and the files in it. */
  public static void remove(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
