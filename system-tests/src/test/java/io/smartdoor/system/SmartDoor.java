package io.smartdoor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smartdoor.infra.testing.LocalAws;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A SmartDoor of one's own, started and used by the command, as a person would: free ports, its own
 * state folder.
 */
final class SmartDoor implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** What a command said, and how it ended. */
  record Said(int exitCode, String output, String errors) {

    Said succeeded() {
      assertThat(exitCode).as(errors + output).isZero();
      return this;
    }

    JsonNode json() {
      return JsonMapper.shared().readTree(output);
    }
  }

  private final Path home;
  private final Map<String, String> environment;

  private SmartDoor(Path home, Map<String, String> environment) {
    this.home = home;
    this.environment = environment;
  }

  /**
   * Nothing runs yet. The state is kept in {@code home}, and so is whatever the commands keep for a
   * while. The AWS is an emulator that the commands start and stop, or an account of its own in the
   * LocalStack that the tests run on.
   */
  static SmartDoor in(Path home) {
    return in(home, Map.of());
  }

  /** The same, told more by its environment. */
  static SmartDoor in(Path home, Map<String, String> more) {
    var environment = new HashMap<>(more);
    environment.put(
        "AWS_ENDPOINT_URL", startsItsEmulator() ? "" : LocalAws.withStacks().endpoint().toString());
    environment.put("SMARTDOOR_HOME", home.toString());
    environment.put("TMPDIR", home.toString());
    return new SmartDoor(home, environment);
  }

  /** Whether the emulator is one of its processes. */
  static boolean startsItsEmulator() {
    return !LocalAws.isOnLocalStack();
  }

  SmartDoor up() {
    run("up", "--detach", "--free-ports").succeeded();
    return this;
  }

  void down() {
    run("down").succeeded();
  }

  JsonNode status() {
    return run("status", "--json").json();
  }

  /** The address of a part, {@code lock-service} say. */
  String address(String part) {
    return part(part).get("address").stringValue();
  }

  /** Lets a part notice nothing, and answer nothing, until that is closed. */
  Paused paused(String part) {
    var process = part(part).get("pid").asString();
    shell("kill -STOP " + process).succeeded();
    return () -> shell("kill -CONT " + process).succeeded();
  }

  /** What goes on when it is closed. */
  interface Paused extends AutoCloseable {
    @Override
    void close();
  }

  private JsonNode part(String part) {
    return status().get("parts").values().stream()
        .filter(it -> it.get("name").stringValue().equals(part))
        .findFirst()
        .orElseThrow();
  }

  String adminToken() {
    return Repository.text(home.resolve("admin-token")).strip();
  }

  List<JsonNode> inbox(String recipient) {
    return List.copyOf(run("inbox", recipient, "--json").succeeded().json().get("items").values());
  }

  /** The inbox as soon as it is as expected. */
  List<JsonNode> inboxOnce(String recipient, Predicate<List<JsonNode>> expected) {
    return await().atMost(Duration.ofSeconds(30)).until(() -> inbox(recipient), expected);
  }

  /** What was started here, by whatever command, and has not ended: each by its environment. */
  List<String> processes() {
    return execute(List.of("ps", "axeww", "-o", "pid=,command="))
        .succeeded()
        .output()
        .lines()
        .filter(it -> it.contains("TMPDIR=" + home))
        .filter(it -> !it.contains("ps axeww"))
        .toList();
  }

  Said run(String... words) {
    return execute(Stream.concat(Stream.of("./smartdoor"), Stream.of(words)).toList());
  }

  /** A line as somebody would copy it from the documents. */
  Said shell(String line) {
    return execute(List.of("bash", "-c", line));
  }

  private Said execute(List<String> command) {
    try {
      var output = Files.createTempFile("said", ".out");
      var errors = Files.createTempFile("said", ".err");
      var builder =
          new ProcessBuilder(command)
              .directory(Repository.ROOT.toFile())
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile());
      builder.environment().putAll(environment);
      builder.environment().remove("SMARTDOOR_ADMIN_TOKEN");
      var process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroy();
        throw new AssertionError("%s still runs after %s".formatted(command, LIMIT));
      }
      var said = new Said(process.exitValue(), Repository.text(output), Repository.text(errors));
      Files.delete(output);
      Files.delete(errors);
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    run("down");
  }
}
