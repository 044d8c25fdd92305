package io.smartdoor.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.events.EventCodec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the documents say is so: their samples are the samples, their links lead somewhere, their
 * commands work.
 */
class DocumentsTest {

  private static final Path SAMPLES =
      Repository.ROOT.resolve("event-schemas/src/main/resources/io/smartdoor/events/samples");

  private static final Set<String> RUN_BY_CI =
      Set.of(
          "./smartdoor verify",
          "./smartdoor verify --localstack",
          "./smartdoor demo",
          "./smartdoor demo --docker");

  static Stream<Path> documents() {
    return Stream.concat(
            Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md").map(Repository.ROOT::resolve),
            Repository.filesUnder(Repository.ROOT.resolve("docs")).stream())
        .filter(file -> file.toString().endsWith(".md"));
  }

  private static Stream<String> commands() {
    return documents()
        .flatMap(file -> found("(?m)^```sh\\n(.*?)^```", Repository.text(file)))
        .flatMap(block -> block.group(1).lines())
        .map(line -> line.replaceFirst("\\s+#.*", "").strip())
        .filter(line -> line.startsWith("./smartdoor "))
        .distinct();
  }

  @Test
  void everySampleInTheDocumentsIsOneThatTheTestsRead() {
    var shown =
        found(
                "(?m)^```json\\n(.*?)^```",
                Repository.text(Repository.ROOT.resolve("docs/events.md")))
            .map(block -> block.group(1))
            .toList();
    var samples =
        Repository.filesUnder(SAMPLES).stream()
            .map(it -> JsonMapper.shared().readTree(Repository.text(it)))
            .toList();

    assertThat(shown).hasSizeGreaterThanOrEqualTo(5);
    assertThat(shown)
        .allSatisfy(sample -> {
          assertThat(new EventCodec().decode(sample)).isNotNull();
          assertThat(samples).contains(JsonMapper.shared().readTree(sample));
        });
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everyLinkIntoTheRepositoryLeadsSomewhere(Path document) {
    var targets =
        found("\\]\\((?!https?:|#)([^)#]+)", Repository.text(document))
            .map(link -> document.resolveSibling(link.group(1)).normalize())
            .toList();

    assertThat(targets).allMatch(Files::exists);
  }

  /** In the documents' order, in one SmartDoor; what CI runs by itself is left out here. */
  @Test
  void everyCommandInTheDocumentsWorks(@TempDir Path home) {
    var ci = Repository.text(Repository.ROOT.resolve(".ci/run"));
    var commands = commands().toList();

    assertThat(commands).contains("./smartdoor up", "./smartdoor verify");
    try (var smartDoor = SmartDoor.in(home)) {
      for (var command : commands) {
        if (command.equals("./smartdoor up")) {
          smartDoor.up();
        } else if (RUN_BY_CI.contains(command)) {
          assertThat(ci).contains(command);
        } else {
          smartDoor.shell(command).succeeded();
        }
      }
    }
  }

  /** What takes minutes is for CI alone, whichever part of it a document may choose. */
  @Test
  void everyProofInTheDocumentsIsRunByCi() {
    var run =
        Stream.of(".ci/run", ".github/workflows/ci.yml")
            .map(it -> Repository.text(Repository.ROOT.resolve(it)))
            .flatMap(it ->
                found(
                    "(?m)(?:^ *(?:part \\S+|- run:)|&&) (./smartdoor [^\n&\\\\]*[^\n&\\\\ ])", it))
            .map(it -> whole(it.group(1)))
            .toList();
    var proofs =
        documents()
            .flatMap(
                file -> found("`(./smartdoor (?:prove|bench)\\b[^`]*)`", Repository.text(file)))
            .map(it -> whole(it.group(1)))
            .distinct()
            .toList();

    assertThat(proofs).hasSizeGreaterThanOrEqualTo(5);
    assertThat(run).containsAll(proofs);
  }

  /** Without what only chooses a part, or says how long, how often and for whom. */
  private static String whole(String command) {
    var choice = "--(?:json|docs|tolerant|short|only (?:\"[^\"]*\"|\\S+)|[a-z]+ (?!--)\\S+)";
    return command.replaceAll(" (?:\\[%1$s\\]|%1$s)".formatted(choice), "");
  }

  private static Stream<MatchResult> found(String pattern, String text) {
    return Pattern.compile(pattern, Pattern.DOTALL).matcher(text).results().toList().stream();
  }
}
