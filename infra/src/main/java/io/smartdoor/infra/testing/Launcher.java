package io.smartdoor.infra.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The command {@code smartdoor} at the root of the repository, run as a person would run it. */
final class Launcher {

  private Launcher() {}

  /**
   * Runs the command to its end and returns what it wrote to standard output.
   *
   * @throws IllegalStateException if it fails or takes longer than {@code limit}; the message has
   *     what it wrote to standard error
   */
  static String run(List<String> arguments, Map<String, String> environment, Duration limit) {
    try {
      var output = temporaryFile("out");
      var errors = temporaryFile("err");
      var builder = command(arguments).redirectOutput(output).redirectError(errors);
      builder.environment().putAll(environment);
      var process = builder.start();
      // It reads nothing: a command that asks for something is told that nobody answers.
      process.getOutputStream().close();
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroy();
        throw new IllegalStateException(
            "expected smartdoor %s to end within %s, found it running: %s"
                .formatted(arguments, limit, Files.readString(errors.toPath())));
      }
      if (process.exitValue() != 0) {
        throw new IllegalStateException(
            "expected smartdoor %s to succeed, found exit code %d: %s"
                .formatted(arguments, process.exitValue(), Files.readString(errors.toPath())));
      }
      return Files.readString(output.toPath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while smartdoor ran " + arguments, e);
    }
  }

  /** The command, not yet started. */
  static ProcessBuilder command(List<String> arguments) {
    var root = rootAbove(Path.of("").toAbsolutePath());
    var words = new ArrayList<String>();
    words.add(root.resolve("smartdoor").toString());
    words.addAll(arguments);
    return new ProcessBuilder(words).directory(root.toFile());
  }

  /** A file in which to find what a process said, for as long as this JVM lives. */
  static File temporaryFile(String suffix) throws IOException {
    var file = Files.createTempFile("smartdoor-", "." + suffix).toFile();
    file.deleteOnExit();
    return file;
  }

  /** Tests run in their module's folder, or in the repository's from some editors. */
  static Path rootAbove(Path start) {
    for (@Nullable Path folder = start; folder != null; folder = folder.getParent()) {
      if (Files.isRegularFile(folder.resolve("smartdoor"))) {
        return folder;
      }
    }
    throw new IllegalStateException("expected the file smartdoor in a folder above " + start);
  }
}
