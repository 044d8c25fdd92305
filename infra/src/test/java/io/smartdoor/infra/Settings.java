package io.smartdoor.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.regex.Pattern;

/** What every service starts from. */
final class Settings {

  private static final Path DEFAULTS =
      Path.of("../http-api/src/main/resources/io/smartdoor/http/http-defaults.properties");

  private static final Pattern DURATION = Pattern.compile("(\\d+)(ms|s)");

  private Settings() {}

  /** In the file of what the services share; a service that says otherwise fails here. */
  static Duration duration(String name) {
    var last = name.substring(name.lastIndexOf('.') + 1);
    for (var service : new String[] {"lock", "notification", "identification"}) {
      var own = Path.of("..", service + "-service", "src", "main", "resources", "application.yaml");
      assertThat(Repository.read(own)).doesNotContain(last);
    }
    var defaults = new Properties();
    try {
      defaults.load(new StringReader(Repository.read(DEFAULTS)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var found = DURATION.matcher(defaults.getProperty(name, ""));
    assertThat(found.matches()).as(name).isTrue();
    var amount = Long.parseLong(found.group(1));
    return found.group(2).equals("s") ? Duration.ofSeconds(amount) : Duration.ofMillis(amount);
  }
}
