package io.smartdoor.identification.face;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the bench found, for people, programs and docs/faces.md.
 *
 * @param missed faces that could not be enrolled, as none was found
 * @param pictures how many there were
 * @param facesInNothing faces found where there is none
 * @param nothings how many of such pictures there were
 * @param tolerant whether one round that reaches the time is enough
 */
record FacesReport(
    Robustness robustness,
    int missed,
    int pictures,
    int facesInNothing,
    int nothings,
    List<Speed> speeds,
    boolean tolerant) {

  private static final List<Integer> THRESHOLDS =
      IntStream.rangeClosed(1, 16).mapToObj(it -> 5 * it).toList();

  private static final String BEGIN = "<!-- Written by ./smartdoor bench faces --docs -->\n";
  private static final String END = "<!-- End of what is written -->\n";

  boolean passed() {
    return robustness.passed() && speeds.stream().allMatch(it -> it.passed(tolerant));
  }

  String text() {
    return markdown()
        + "%s: %d false accepts at the default threshold, none allowed; %s of plain OpenCV's time at most %s"
            .formatted(
                passed() ? "ok" : "FAILED",
                robustness.accepted(),
                speeds.stream().map(it -> number(it.ratio())).toList(),
                Speed.MOST);
  }

  String json() {
    var document = new LinkedHashMap<String, Object>();
    document.put("trials", robustness.trials().size());
    document.put("match-threshold", match());
    document.put("false-accepts", robustness.accepted());
    document.put("false-accept-bound", robustness.upperBound());
    document.put("false-rejects", robustness.falseRejects(match()));
    document.put("faces-in-nothing", facesInNothing);
    document.put(
        "speeds",
        speeds.stream()
            .map(it ->
                Map.of(
                    "enrolled", it.enrolled(),
                    "matcher-ms", it.matcher(),
                    "plain-ms", it.plain(),
                    "ratio", it.ratio(),
                    "gallery-mb", it.galleryMegabytes(),
                    "rounds", it.rounds().stream().map(Speed.Round::ratio).toList()))
            .toList());
    document.put("passed", passed());
    return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(document);
  }

  private double match() {
    return robustness.thresholds().match().percent();
  }

  String markdown() {
    var all = robustness.trials().size();
    var text = new StringBuilder();
    line(
        text,
        "%d pictures of %d faces (%d more were not enrolled, as no face was found in them), each once with its person enrolled and once without.",
        all,
        pictures - missed,
        missed);
    line(
        text,
        "At the default threshold of a match, %s: **%d of %d strangers taken for somebody, so at most %s %% of such pictures** (95 %%, rule of three); %d of %d residents not matched.",
        number(match()),
        robustness.accepted(),
        all,
        number(100 * robustness.upperBound()),
        robustness.falseRejects(match()),
        all);
    line(text, "Faces found in %d pictures of nothing: %d.%n", nothings, facesInNothing);
    line(text, "| threshold | false accepts | false rejects |%n|---|---|---|");
    for (var threshold : THRESHOLDS) {
      line(
          text,
          "| %d%s | %d of %d | %d of %d |",
          threshold,
          threshold == match() ? " (default)" : "",
          robustness.falseAccepts(threshold),
          all,
          robustness.falseRejects(threshold),
          all);
    }
    line(text, "%n| what is changed | pictures | no face found | not matched |%n|---|---|---|---|");
    var byVariation =
        robustness.trials().stream()
            .collect(groupingBy(Robustness.Trial::variation, LinkedHashMap::new, toList()));
    byVariation.forEach((variation, trials) ->
        line(
            text,
            "| %s | %d | %d | %d |",
            variation,
            trials.size(),
            trials.stream().filter(it -> it.own().isEmpty()).count(),
            Robustness.falseRejects(trials, match())));
    line(
        text,
        "%n| enrolled | processor time of one 1080p snapshot | of plain OpenCV | ratio, at most %s | memory of the gallery |%n|---|---|---|---|---|",
        Speed.MOST);
    for (var speed : speeds) {
      line(
          text,
          "| %,d | %.0f ms | %.0f ms | %s | %.0f MB |",
          speed.enrolled(),
          speed.matcher(),
          speed.plain(),
          number(speed.ratio()),
          speed.galleryMegabytes());
    }
    return text.toString();
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotation is no dependency of ours
  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  /** Replaces what stands between the marks in {@code faces.md}, and draws {@code faces.svg}. */
  void write(Path docs) throws IOException {
    var file = docs.resolve("faces.md");
    var before = Files.readString(file);
    var begin = before.indexOf(BEGIN) + BEGIN.length();
    var end = before.indexOf(END);
    if (begin < BEGIN.length() || end < begin) {
      throw new IOException("expected the marks of what is written in " + file);
    }
    Files.writeString(file, before.substring(0, begin) + markdown() + before.substring(end));
    Files.writeString(docs.resolve("faces.svg"), svg());
  }

  /** False accepts and false rejects over the threshold, in percent. */
  String svg() {
    var shapes = new StringBuilder();
    for (var percent = 0; percent <= 100; percent += 20) {
      line(
          shapes,
          "<line x1=\"60\" y1=\"%1$.1f\" x2=\"600\" y2=\"%1$.1f\" class=\"grid\"/><text x=\"52\" y=\"%2$.1f\" text-anchor=\"end\">%3$d %%</text>",
          y(percent),
          y(percent) + 4,
          percent);
      line(
          shapes,
          "<text x=\"%.1f\" y=\"285\" text-anchor=\"middle\">%d</text>",
          x(percent),
          percent);
    }
    var all = (double) robustness.trials().size();
    curve(shapes, "bad", t -> 100 * robustness.falseAccepts(t) / all);
    curve(shapes, "one", t -> 100 * robustness.falseRejects(t) / all);
    line(
        shapes,
        "<line x1=\"%1$.1f\" y1=\"30\" x2=\"%1$.1f\" y2=\"265\" class=\"target\"/><text x=\"%2$.1f\" y=\"42\">match, by default</text>",
        x(match()),
        x(match()) + 6);
    line(shapes, "<text x=\"70\" y=\"20\" class=\"bad\">strangers taken for somebody</text>");
    line(shapes, "<text x=\"330\" y=\"20\" class=\"one\">residents not matched</text>");
    line(shapes, "<text x=\"330\" y=\"303\" text-anchor=\"middle\">threshold</text>");
    return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 620 310" width="620" height="310" role="img">
    <title>Strangers taken for somebody and residents not matched, by threshold</title>
    <style>
    text { font: 12px system-ui, sans-serif; fill: #57606a; }
    polyline { fill: none; stroke-width: 2; }
    .ground { fill: #ffffff; }
    .grid { stroke: #d0d7de; }
    .target { stroke: #1a7f37; stroke-width: 2; }
    text.bad { fill: #cf222e; } polyline.bad { stroke: #cf222e; }
    text.one { fill: #0969da; } polyline.one { stroke: #0969da; }
    @media (prefers-color-scheme: dark) {
      text { fill: #9198a1; }
      .ground { fill: #0d1117; }
      .grid { stroke: #3d444d; }
    }
    </style>
    <rect width="620" height="310" class="ground"/>
    %s</svg>
    """
        .formatted(shapes);
  }

  private interface Share {
    double at(double threshold);
  }

  private static void curve(StringBuilder shapes, String style, Share share) {
    var points = new StringBuilder();
    for (var threshold = 0; threshold <= 100; threshold++) {
      points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(threshold), y(share.at(threshold))));
    }
    line(shapes, "<polyline class=\"%s\" points=\"%s\"/>", style, points.toString().strip());
  }

  private static double x(double threshold) {
    return 60 + 5.4 * threshold;
  }

  private static double y(double percent) {
    return 265 - 2.3 * percent;
  }
}
