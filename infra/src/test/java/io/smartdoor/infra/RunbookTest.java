package io.smartdoor.infra;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.infra.Template.Resource;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Whoever is woken by an alarm finds what to do, and nothing about alarms that do not exist. */
class RunbookTest {

  private static final Path DOCUMENT = Path.of("..", "docs", "operations.md");

  private static final Pattern SECTION =
      Pattern.compile("(?m)^#### `(\\w+)`\\n\\n\\*Of ([^*]+)\\.\\* (.+)\\n\\n((?:[- ] .+\\n)+)");

  private static final Pattern STACK = Pattern.compile("`([a-z-]+)`");

  @Test
  void hasASectionForEveryAlarmOfTheStacksAndForNoOther() {
    var alarms =
        TemplatesTest.alarms()
            .collect(
                Collectors.groupingBy(
                    Resource::id,
                    TreeMap::new,
                    Collectors.mapping(
                        it -> it.template().name(), Collectors.toCollection(TreeSet::new))));

    var sections = new TreeMap<String, TreeSet<String>>();
    for (var section : SECTION.matcher(Repository.read(DOCUMENT)).results().toList()) {
      var stacks =
          STACK
              .matcher(section.group(2))
              .results()
              .map(it -> it.group(1))
              .collect(Collectors.toCollection(TreeSet::new));
      sections.put(section.group(1), stacks);
    }
    assertThat(sections).hasSizeGreaterThan(10).isEqualTo(alarms);
  }

  @Test
  void saysOfEveryAlarmWhatToLookAtAndWhatToDo() {
    var steps =
        SECTION
            .matcher(Repository.read(DOCUMENT))
            .results()
            .collect(
                Collectors.toMap(
                    it -> it.group(1),
                    it ->
                        Arrays.stream(it.group(4).split("\n"))
                            .filter(line -> line.startsWith("- "))
                            .toList()));

    assertThat(steps)
        .allSatisfy((alarm, lines) -> {
          assertThat(lines).as(alarm).hasSizeGreaterThanOrEqualTo(2);
          assertThat(lines.getFirst()).as(alarm).startsWith("- Look at ");
        });
  }
}
