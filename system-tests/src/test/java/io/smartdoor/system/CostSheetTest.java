package io.smartdoor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CostSheetTest {

  private static final Path DOCUMENT = Repository.ROOT.resolve("docs/operations.md");

  private static final String BEGIN =
      "<!-- Written by CostSheetTest, with SMARTDOOR_WRITE_COSTS=1, from benchmark-figures.md, the stacks, and the prices in its code. -->\n";

  private static final String END = "<!-- End of what CostSheetTest writes. -->\n";

  private static final Pattern SHEET =
      Pattern.compile(Pattern.quote(BEGIN) + "(.*)" + Pattern.quote(END), Pattern.DOTALL);

  private static final double CENT = 0.01;

  private final CostInputs inputs = CostInputs.ofThisRepository();
  private final CostSheet sheet = new CostSheet(inputs);

  @Test
  void theDocumentShowsWhatFollowsFromWhatWasMeasured() throws IOException {
    var computed = sheet.asMarkdown();
    if ("1".equals(System.getenv("SMARTDOOR_WRITE_COSTS"))) {
      var written = Matcher.quoteReplacement(BEGIN + computed + END);
      Files.writeString(DOCUMENT, SHEET.matcher(Repository.text(DOCUMENT)).replaceFirst(written));
    }
    assertThat(SHEET.matcher(Repository.text(DOCUMENT)).results().map(it -> it.group(1)))
        .as(
            "the costs in docs/operations.md: to write them,"
                + " SMARTDOOR_WRITE_COSTS=1 ./smartdoor verify -pl system-tests -am -Dtest=CostSheetTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false")
        .containsExactly(computed);
  }

  /** By hand: 6 tasks, half a vCPU and 1 GB each, 730 h. */
  @Test
  void tasksCostTheirHours() {
    var expected = 6 * 730 * (0.5 * 0.03238 + 0.00356);

    assertThat(sheet.dollars("6 tasks", 10)).isCloseTo(expected, within(CENT));
    assertThat(sheet.dollars("6 tasks", 100_000)).isCloseTo(expected, within(CENT));
  }

  /** By hand: four tasks ask every second; the settings say about a dollar each. */
  @Test
  void pollsOfEmptyQueuesCostAboutADollarPerTask() {
    assertThat(sheet.dollars("polls", 10)).isCloseTo(4 * 2.628 * 0.40, within(CENT));
  }

  /** By hand: seven states, 120 million events, $0.025 per 1,000. */
  @Test
  void identificationsCostTheStatesThatTheyEnter() {
    assertThat(inputs.transitions()).isEqualTo(7);
    assertThat(sheet.dollars("Step Functions", 100_000))
        .isCloseTo(7 * 120_000_000.0 * 0.025 / 1000, within(CENT));
  }

  @Test
  void whatIsMeasuredAnewCostsSomethingElse() {
    var calls = new LinkedHashMap<>(inputs.calls());
    calls.merge("lock: PutItem", 1.0, Double::sum);
    var dearer = new CostSheet(inputs.withCalls(calls));

    // Six write units more, and a call more through the NAT gateways.
    assertThat(dearer.dollars(1_000) - sheet.dollars(1_000))
        .isCloseTo(1_200_000 * (6 * 0.625e-6 + 4e-6 * 0.045), within(CENT));
  }

  @Test
  void refusesACallOfWhichNobodyHasSaidWhatItCosts() {
    var calls = new LinkedHashMap<>(inputs.calls());
    calls.put("lock: BatchWriteItem", 0.1);

    assertThatThrownBy(() -> new CostSheet(inputs.withCalls(calls)))
        .hasMessageContaining("lock: BatchWriteItem");
  }

  @Test
  void readsWhatTheBenchmarkHasCounted() {
    assertThat(inputs.calls()).hasSizeGreaterThan(10).containsKey("lock: PutItem");
    assertThat(inputs.processorSeconds()).isPositive();
  }
}
