package io.smartdoor.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LogsTest {

  @Test
  void areSaidToBeWhereTheyAreUntilTheyAreRemoved() throws IOException {
    var folder = Logs.folder("smartdoor-logs-test-", System.err);
    Files.writeString(folder.resolve("lock-1.log"), "a line");

    assertThat(saidAtTheEnd(folder)).isEqualTo("- the logs of the services are in %s\n", folder);

    Logs.remove(folder);
    assertThat(saidAtTheEnd(folder)).isEmpty();
    assertThat(folder).doesNotExist();
  }

  private static String saidAtTheEnd(Path folder) {
    var said = new ByteArrayOutputStream();
    Logs.sayWhereTheyAre(folder, new PrintStream(said, true, UTF_8));
    return said.toString(UTF_8);
  }
}
