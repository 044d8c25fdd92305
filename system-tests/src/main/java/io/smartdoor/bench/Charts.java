package io.smartdoor.bench;

import io.smartdoor.bench.Disturbance.Course;
import io.smartdoor.bench.Disturbance.Phase;
import io.smartdoor.bench.Svg.Anchor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Draws what was measured. */
final class Charts {

  private static final int WIDTH = 760;
  private static final int LABELS = 300;
  private static final int MARGIN = 24;
  private static final int ROW = 34;

  private Charts() {}

  /**
   * Writes what a run has found as {@code benchmark-figures.md}, and a plot of whatever was
   * measured beside it.
   */
  static void write(Report report, Path folder) {
    var drawn = drawn(report.findings());
    write(folder.resolve("benchmark-figures.md"), report.document(List.copyOf(drawn.keySet())));
    drawn.forEach((name, text) -> write(folder.resolve(name), text));
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** By file name. */
  static Map<String, String> drawn(Findings findings) {
    var drawn = new LinkedHashMap<String, String>();
    if (!findings.figures().isEmpty()) {
      drawn.put("bench-ratios.svg", ratios(findings.figures()));
    }
    if (!findings.calls().isEmpty()) {
      drawn.put("bench-requests.svg", requests(findings.calls()));
    }
    findings.growth().ifPresent(it -> drawn.put("bench-growth.svg", growth(it)));
    findings.disturbed().ifPresent(it -> drawn.put("bench-notification-down.svg", disturbed(it)));
    return drawn;
  }

  /** A row per figure: a dot per round, the median, and what is to be reached. */
  private static String ratios(List<Figure> figures) {
    var height = 96 + figures.size() * ROW;
    var svg = new Svg(WIDTH, height, "SmartDoor's figures as multiples of the raw code's");
    svg.text(MARGIN, 28, Anchor.START, "title", "SmartDoor ÷ raw code making the same AWS calls");
    var most = figures.stream().mapToDouble(it -> Math.max(it.mostRatio(), it.target().limit()));
    var x =
        Scale.linear(0, Math.max(1.6, Math.ceil(most.max().orElseThrow() * 5) / 5), LABELS, 660);
    var bottom = 48 + figures.size() * ROW;
    for (var tick = 0; tick <= x.to() * 5 + 1e-9; tick += x.to() > 3 ? 5 : 1) {
      svg.line(x.at(tick / 5.0), 44, x.at(tick / 5.0), bottom, tick == 5 ? "axis" : "grid");
      svg.text(
          x.at(tick / 5.0),
          bottom + 16,
          Anchor.MIDDLE,
          "quiet",
          String.format(Locale.ROOT, "%.1f", tick / 5.0));
    }
    svg.text(
        MARGIN,
        bottom + 38,
        Anchor.START,
        "quiet",
        "dots: rounds; large: their median; green: to be reached, on the side of its ends");
    for (var i = 0; i < figures.size(); i++) {
      row(svg, figures.get(i), x, 48 + i * ROW + ROW / 2.0);
    }
    return svg.toString();
  }

  private static void row(Svg svg, Figure figure, Scale x, double y) {
    svg.text(LABELS - 12, y + 4, Anchor.END, "", figure.what());
    var limit = x.at(figure.target().limit());
    var towards = figure.target().atLeast() ? 8 : -8;
    svg.line(limit, y - 11, limit, y + 11, "target");
    svg.line(limit, y - 11, limit + towards, y - 11, "target");
    svg.line(limit, y + 11, limit + towards, y + 11, "target");
    var style = figure.isReached() ? "one" : "bad";
    figure.ratios().forEach(it -> svg.dot(x.at(it), y, 3, 0.45, style));
    svg.dot(x.at(figure.ratio()), y, 6, 1, style);
    svg.text(
        WIDTH - MARGIN, y + 4, Anchor.END, "", String.format(Locale.ROOT, "%.2f", figure.ratio()));
  }

  /** Two bars per call: counted, and needed. */
  private static String requests(List<Calls.Line> calls) {
    var height = 92 + calls.size() * ROW;
    var svg = new Svg(WIDTH, height, "AWS requests per door event, counted and needed");
    svg.text(
        MARGIN,
        28,
        Anchor.START,
        "title",
        String.format(
            Locale.ROOT,
            "AWS requests per door event: %.2f, needed %.2f",
            Calls.sum(calls),
            Calls.neededInAll()));
    var most =
        calls.stream().mapToDouble(it -> Math.max(it.perEvent(), it.needed())).max().orElseThrow();
    var x = Scale.linear(0, Math.max(1, Math.ceil(most)), LABELS, 640);
    var bottom = 48 + calls.size() * ROW;
    for (var tick = 0; tick <= x.to(); tick++) {
      svg.line(x.at(tick), 44, x.at(tick), bottom, "grid");
      svg.text(x.at(tick), bottom + 16, Anchor.MIDDLE, "quiet", Integer.toString(tick));
    }
    for (var i = 0; i < calls.size(); i++) {
      var call = calls.get(i);
      var y = 48 + i * ROW;
      svg.text(LABELS - 12, y + 21, Anchor.END, "", call.call());
      svg.rectangle(LABELS, y + 6, x.at(call.perEvent()) - LABELS, 10, "one");
      svg.rectangle(LABELS, y + 18, x.at(call.needed()) - LABELS, 10, "other");
      svg.text(
          WIDTH - MARGIN,
          y + 21,
          Anchor.END,
          "",
          String.format(Locale.ROOT, "%.2f / %.2f", call.perEvent(), call.needed()));
    }
    svg.text(MARGIN, bottom + 36, Anchor.START, "quiet", "blue: counted; grey: needed");
    return svg.toString();
  }

  /** Two panels side by side over the number of doors. */
  private static String growth(Growth growth) {
    var svg = new Svg(WIDTH, 300, "Rate and requests per opening over the number of doors");
    svg.text(MARGIN, 28, Anchor.START, "title", "Rate and requests over the number of doors");
    panel(svg, growth, 80, 360, "openings seen through, per second", Growth.Size::perSecond);
    panel(svg, growth, 456, 736, "AWS requests per opening", Growth.Size::requests);
    return svg.toString();
  }

  private static void panel(
      Svg svg,
      Growth growth,
      double left,
      double right,
      String what,
      Function<Growth.Size, List<Double>> values) {
    var sizes = growth.sizes();
    var most =
        sizes.stream().mapToDouble(it -> Statistics.most(values.apply(it))).max().orElseThrow();
    var step = niceStep(most);
    var y = Scale.linear(0, step * Math.ceil(most / step), 240, 70);
    var x =
        Scale.logarithmic(sizes.getFirst().doors(), sizes.getLast().doors(), left + 24, right - 24);
    svg.text(left, 54, Anchor.START, "", what);
    for (var tick = 0.0; tick <= y.to() + step / 2; tick += step) {
      svg.line(left, y.at(tick), right, y.at(tick), "grid");
      svg.text(
          left - 8, y.at(tick) + 4, Anchor.END, "quiet", String.format(Locale.ROOT, "%.0f", tick));
    }
    for (var i = 0; i < sizes.size(); i++) {
      var at = x.at(sizes.get(i).doors());
      var those = values.apply(sizes.get(i));
      svg.line(at, y.at(Statistics.least(those)), at, y.at(Statistics.most(those)), "one");
      svg.dot(at, y.at(Statistics.median(those)), 5, 1, "one");
      svg.text(
          at, 258, Anchor.MIDDLE, "quiet", String.format(Locale.ROOT, "%,d", sizes.get(i).doors()));
      if (i > 0) {
        var before = sizes.get(i - 1);
        svg.line(
            x.at(before.doors()),
            y.at(Statistics.median(values.apply(before))),
            at,
            y.at(Statistics.median(those)),
            "one");
      }
    }
    svg.text((left + right) / 2, 278, Anchor.MIDDLE, "quiet", "doors");
  }

  /** About five steps to the largest value. */
  private static double niceStep(double most) {
    var rough = most / 5;
    var power = Math.pow(10, Math.floor(Math.log10(rough)));
    for (var factor : new double[] {1, 2, 5}) {
      if (rough <= factor * power) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  /** A panel per system over the same time; each opening is a dot at what its answer took. */
  private static String disturbed(Findings.Disturbed disturbed) {
    var svg =
        new Svg(
            WIDTH, 560, "How long doors wait for their answers while notification is disturbed");
    svg.text(
        MARGIN,
        28,
        Anchor.START,
        "title",
        "How long a door waits for its answer, while notification is slow, and while it is down");
    course(svg, disturbed.requestResponse(), "lock calls notification, which answers", 60);
    course(svg, disturbed.smartDoor(), "SmartDoor: lock tells the bus", 300);
    svg.text(
        MARGIN,
        546,
        Anchor.START,
        "quiet",
        "blue: answered 202; red: an error, or none within the door's 5 s; percentages: answered 202");
    return svg.toString();
  }

  private static void course(Svg svg, Course course, String what, double top) {
    var bottom = top + 190;
    var end = course.samples().stream().mapToDouble(Disturbance.Sample::at).max().orElseThrow();
    var x = Scale.linear(0, end, 70, WIDTH - MARGIN);
    var y = Scale.logarithmic(0.001, 10, bottom, top + 34);
    svg.text(70, top + 6, Anchor.START, "", what);
    for (var phase : Phase.values()) {
      var samples = course.of(phase);
      var from = samples.stream().mapToDouble(Disturbance.Sample::at).min().orElseThrow();
      var to = samples.stream().mapToDouble(Disturbance.Sample::at).max().orElseThrow();
      if (!phase.label().equals("well")) {
        svg.rectangle(x.at(from), top + 14, x.at(to) - x.at(from), bottom - top - 14, "shade");
      }
      svg.text(
          x.at((from + to) / 2),
          top + 27,
          Anchor.MIDDLE,
          "quiet",
          String.format(
              Locale.ROOT, "%s: %.0f %%", phase.label(), 100 * course.shareAnswered(phase)));
    }
    for (var tick : new double[] {0.001, 0.01, 0.1, 1, 10}) {
      svg.line(70, y.at(tick), WIDTH - MARGIN, y.at(tick), "grid");
      svg.text(
          62,
          y.at(tick) + 4,
          Anchor.END,
          "quiet",
          tick < 1
              ? String.format(Locale.ROOT, "%.0f ms", tick * 1000)
              : String.format(Locale.ROOT, "%.0f s", tick));
    }
    for (var second = 0; second <= end; second += 5) {
      svg.text(x.at(second), bottom + 16, Anchor.MIDDLE, "quiet", second + " s");
    }
    course
        .samples()
        .forEach(
            it -> svg.dot(x.at(it.at()), y.at(it.took()), 2, 0.6, it.answered() ? "one" : "bad"));
  }
}
