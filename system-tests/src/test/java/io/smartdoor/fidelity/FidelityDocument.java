package io.smartdoor.fidelity;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The table of docs/fidelity.md: what each emulator does in place of what AWS documents. */
record FidelityDocument(Map<String, Map<Emulator, String>> observed) {

  static final Path FILE = Path.of("..", "docs", "fidelity.md");

  private static final String UNKNOWN = "?";

  private static final Pattern ROW =
      Pattern.compile(
          "(?m)^\\| (?<name>[^|]+) \\| [^|]+ \\| (?<mini>[^|]+) \\| (?<local>[^|]+) \\| [^|]+ \\|$");

  private static final String HEAD =
      """
      # Fidelity

      What SmartDoor relies on at AWS, and what the emulators make of it. *yes*: as AWS documents it. Made by `FidelityTest`, which asks the
      emulator at hand about each line, and fails where the table says something else; `SMARTDOOR_WRITE_FIDELITY=1` has it write down what it saw.

      Nothing here was seen on AWS itself: its column is its documentation. *by documentation only* is what no emulator shows; there the design
      rests on the page that the line links to.

      """;

  private static final String SKIPPED =
      """

      ## Tests that are skipped

      The same tests run on both emulators. Skipped, with the reason, is what relies on something above that the emulator does otherwise:

      | test | relies on | skipped on |
      |---|---|---|
      """;

  /** The document as it stands. */
  static FidelityDocument standing() throws IOException {
    return of(Files.exists(FILE) ? Files.readString(FILE) : "");
  }

  static FidelityDocument of(String text) {
    var observed = new LinkedHashMap<String, Map<Emulator, String>>();
    ROW.matcher(text)
        .results()
        .forEach(row -> {
          var cells = new EnumMap<Emulator, String>(Emulator.class);
          cells.put(Emulator.MINISTACK, plain(row.group("mini")));
          cells.put(Emulator.LOCALSTACK, plain(row.group("local")));
          observed.put(row.group("name"), cells);
        });
    return new FidelityDocument(observed);
  }

  /** This one with what was seen on one emulator now. */
  FidelityDocument with(Emulator emulator, Map<String, String> seen) {
    var all = new LinkedHashMap<String, Map<Emulator, String>>();
    observed.forEach((name, cells) -> all.put(name, new EnumMap<>(cells)));
    seen.forEach((name, cell) ->
        all.computeIfAbsent(name, _ -> new EnumMap<>(Emulator.class)).put(emulator, cell));
    return new FidelityDocument(all);
  }

  /**
   * What an emulator does in place of what is documented; empty where it does that.
   *
   * @throws IllegalArgumentException if the document does not say
   */
  Optional<String> differenceOf(Emulator emulator, String behaviour) {
    var cell = observed.getOrDefault(behaviour, Map.of()).getOrDefault(emulator, UNKNOWN);
    if (cell.equals(UNKNOWN)) {
      throw new IllegalArgumentException(
          "expected docs/fidelity.md to say of %s: %s".formatted(emulator.title(), behaviour));
    }
    return cell.equals(Behaviour.AS_DOCUMENTED) ? Optional.empty() : Optional.of(cell);
  }

  /**
   * The document about these behaviours, by the service that shows them, and about the tests that
   * rely on some of them.
   */
  String render(Map<String, List<Behaviour>> behaviours, List<Reliance> reliances) {
    return HEAD
        + behaviours.entrySet().stream()
            .map(it -> section(it.getKey(), it.getValue()))
            .collect(joining("\n"))
        + SKIPPED
        + reliances.stream().map(this::row).collect(joining());
  }

  private String row(Reliance reliance) {
    var skipped =
        Stream.of(Emulator.values())
            .filter(it -> differenceOf(it, reliance.behaviour()).isPresent())
            .map(Emulator::title)
            .collect(joining(", "));
    return "| `%s` | %s | %s |\n".formatted(reliance.test(), reliance.behaviour(), skipped);
  }

  private String section(String service, List<Behaviour> behaviours) {
    return "## %s\n\n| behaviour | AWS's documentation | %s | %s | what rests on it |\n|---|---|---|---|---|\n%s"
        .formatted(
            service,
            Emulator.MINISTACK.title(),
            Emulator.LOCALSTACK.title(),
            behaviours.stream().map(this::row).collect(joining()));
  }

  private String row(Behaviour behaviour) {
    return "| %s | [%s](%s) | %s | %s | %s |\n"
        .formatted(
            behaviour.name(),
            behaviour.documented(),
            behaviour.source(),
            cell(behaviour, Emulator.MINISTACK),
            cell(behaviour, Emulator.LOCALSTACK),
            behaviour.reliance());
  }

  private String cell(Behaviour behaviour, Emulator emulator) {
    if (behaviour.probe().isEmpty()) {
      return "by documentation only";
    }
    var cell = observed.getOrDefault(behaviour.name(), Map.of()).getOrDefault(emulator, UNKNOWN);
    return cell.equals(Behaviour.AS_DOCUMENTED) || cell.equals(UNKNOWN) ? cell : "**no:** " + cell;
  }

  private static String plain(String cell) {
    return cell.replace("**no:** ", "");
  }
}
