package io.smartdoor.bench;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is asked for.
 *
 * @param rounds of each measurement
 * @param tolerant whether a figure fails only where every round missed it: for a machine that has
 *     other work, too
 * @param docs the folder that plots are written to
 * @param jars by service, {@code lock} say
 */
record Options(
    boolean json,
    boolean tolerant,
    int rounds,
    Set<Part> parts,
    Optional<Path> docs,
    Map<String, Path> jars) {

  private static final int ROUNDS = 5;

  /** What can be measured by itself. */
  enum Part {
    ACCEPT,
    DRAIN,
    LATENCY,
    REQUESTS,
    BASELINE
  }

  static Options of(List<String> arguments) {
    var json = false;
    var tolerant = false;
    var rounds = ROUNDS;
    var parts = EnumSet.noneOf(Part.class);
    var docs = Optional.<Path>empty();
    var jars = new LinkedHashMap<String, Path>();
    for (var words = arguments.iterator(); words.hasNext(); ) {
      var word = words.next();
      if (word.equals("--json")) {
        json = true;
      } else if (word.equals("--tolerant")) {
        tolerant = true;
      } else if (word.equals("--rounds") && words.hasNext()) {
        rounds = Integer.parseInt(words.next());
      } else if (word.equals("--only") && words.hasNext()) {
        parts.add(Part.valueOf(words.next().toUpperCase(Locale.ROOT)));
      } else if (word.equals("--docs") && words.hasNext()) {
        docs = Optional.of(Path.of(words.next()));
      } else if (word.contains("=")) {
        jars.put(
            word.substring(0, word.indexOf('=')), Path.of(word.substring(word.indexOf('=') + 1)));
      } else {
        throw new IllegalArgumentException(
            "expected [--json] [--tolerant] [--rounds N] [--only PART]… [--docs FOLDER] SERVICE=JAR…, found "
                + word);
      }
    }
    if (rounds < 1) {
      throw new IllegalArgumentException("expected one round or more, found " + rounds);
    }
    return new Options(
        json, tolerant, rounds, parts.isEmpty() ? EnumSet.allOf(Part.class) : parts, docs, jars);
  }

  boolean has(Part part) {
    return parts.contains(part);
  }
}
