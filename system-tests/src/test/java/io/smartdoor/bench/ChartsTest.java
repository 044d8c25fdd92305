package io.smartdoor.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.StringReader;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ChartsTest {

  private static final Findings FINDINGS = Measured.findings(Measured.DRAIN, Measured.MISSED);

  @Test
  void drawsEverythingThatWasMeasuredTheSameEachTime() {
    var drawn = Charts.drawn(FINDINGS);

    assertThat(drawn)
        .containsOnlyKeys(
            "bench-ratios.svg",
            "bench-requests.svg",
            "bench-growth.svg",
            "bench-notification-down.svg")
        .isEqualTo(Charts.drawn(FINDINGS));
  }

  @Test
  void drawsADotForEachRoundAndOneForTheMedian() throws Exception {
    var dots = parsed("bench-ratios.svg").getElementsByTagName("circle");

    assertThat(dots.getLength()).isEqualTo(3 + 1 + 1 + 1);
    assertThat(dots.item(4).getAttributes().getNamedItem("class").getNodeValue()).isEqualTo("bad");
  }

  @Test
  void drawsADotForEachOpeningOfBothSystems() throws Exception {
    var dots = parsed("bench-notification-down.svg").getElementsByTagName("circle");

    assertThat(dots.getLength()).isEqualTo(2 * 30);
  }

  @Test
  void escapesWhatItWrites() {
    assertThat(Charts.drawn(FINDINGS).get("bench-ratios.svg")).contains(">CPU &amp; more<");
  }

  @Test
  void valuesStandWhereTheAxisSays() {
    assertThat(Scale.linear(0, 10, 100, 0).at(2.5)).isEqualTo(75);
    assertThat(Scale.logarithmic(10, 1000, 0, 100).at(100)).isEqualTo(50);
    assertThat(Scale.linear(0, 10, 0, 100).at(11)).isEqualTo(100);
    assertThatIllegalArgumentException().isThrownBy(() -> Scale.logarithmic(0, 1, 0, 100));
  }

  private static Document parsed(String name) throws Exception {
    var text = Map.copyOf(Charts.drawn(FINDINGS)).getOrDefault(name, "");
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(text)));
  }
}
