package io.smartdoor.bench;

import java.util.Locale;

/**
 * A drawing, for pages of either colour scheme. The same calls give the same text.
 *
 * <p>Coordinates are pixels from the upper left. Classes stand for colours, so that a reader's
 * scheme decides about them.
 */
final class Svg {

  /** Where a text stands to its point. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  private static final String STYLE =
      """
      text { font: 12px system-ui, sans-serif; fill: #24292f; }
      .title { font-size: 14px; font-weight: 600; }
      .quiet { fill: #57606a; }
      .axis { stroke: #8c959f; }
      .grid { stroke: #d0d7de; }
      .ground { fill: #ffffff; }
      .shade { fill: #bf8700; fill-opacity: 0.13; }
      .one { fill: #0969da; stroke: #0969da; }
      .other { fill: #8c959f; stroke: #8c959f; }
      .bad { fill: #cf222e; stroke: #cf222e; }
      .target { stroke: #1a7f37; stroke-width: 2; }
      @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3; }
        .quiet { fill: #9198a1; }
        .axis { stroke: #656c76; }
        .grid { stroke: #3d444d; }
        .ground { fill: #0d1117; }
        .one { fill: #4493f8; stroke: #4493f8; }
        .other { fill: #9198a1; stroke: #9198a1; }
        .bad { fill: #f85149; stroke: #f85149; }
        .target { stroke: #3fb950; }
      }
      """;

  private final int width;
  private final int height;
  private final String description;
  private final StringBuilder shapes = new StringBuilder();

  /**
   * @param description what it shows, for those who do not see it
   */
  Svg(int width, int height, String description) {
    this.width = width;
    this.height = height;
    this.description = description;
  }

  void text(double x, double y, Anchor anchor, String style, String text) {
    add(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" class=\"%s\">%s</text>",
            x,
            y,
            anchor.name().toLowerCase(Locale.ROOT),
            style,
            escaped(text)));
  }

  void line(double x1, double y1, double x2, double y2, String style) {
    add(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>",
            x1,
            y1,
            x2,
            y2,
            style));
  }

  void rectangle(double x, double y, double w, double h, String style) {
    add(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" class=\"%s\"/>",
            x,
            y,
            w,
            h,
            style));
  }

  /**
   * @param opacity from 0 to 1
   */
  void dot(double x, double y, double radius, double opacity, String style) {
    add(
        String.format(
            Locale.ROOT,
            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" opacity=\"%.2f\" class=\"%s\"/>",
            x,
            y,
            radius,
            opacity,
            style));
  }

  private void add(String shape) {
    shapes.append(shape).append('\n');
  }

  @Override
  public String toString() {
    return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img">
    <title>%3$s</title>
    <style>
    %4$s</style>
    <rect width="%1$d" height="%2$d" class="ground"/>
    %5$s</svg>
    """
        .formatted(width, height, escaped(description), STYLE, shapes);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
