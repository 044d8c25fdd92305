package io.smartdoor.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.regex.Pattern;

/** What services start from and what they take, as their own sources say. */
final class Settings {

  private static final Path DEFAULTS =
      Path.of("../http-api/src/main/resources/io/smartdoor/http/http-defaults.properties");

  private static final Pattern DURATION = Pattern.compile("(\\d+)(ms|s)");

  private static final Path WEBHOOKS =
      Path.of("../lock-service/src/main/java/io/smartdoor/lock/webhook/WebhookConfiguration.java");

  private static final Path CALLS =
      Path.of("../messaging/src/main/java/io/smartdoor/messaging/AwsClients.java");

  private static final Path MESSAGING =
      Path.of("../messaging/src/main/java/io/smartdoor/messaging/MessagingProperties.java");

  private Settings() {}

  /** What a webhook may take: work on it may begin late, and ends with one call. */
  static Duration longestWebhook() {
    return seconds(WEBHOOKS, "@DefaultValue\\(\"(\\d+)s\"\\) Duration patience")
        .plus(seconds(CALLS, "Duration CALL = Duration\\.ofSeconds\\((\\d+)\\);"));
  }

  /** What a service that is told to stop may take to see through what it has in hand. */
  static Duration longestStop() {
    return seconds(MESSAGING, "@DefaultValue\\(\"(\\d+)s\"\\) Duration drainTimeout")
        .plus(duration("spring.lifecycle.timeout-per-shutdown-phase"));
  }

  static int heapMebibytes() {
    var options = Repository.read(Path.of("jvm", "service.options"));
    var found = Pattern.compile("(?m)^-Xmx(\\d+)m$").matcher(options).results().toList();
    assertThat(found).hasSize(1);
    return Integer.parseInt(found.getFirst().group(1));
  }

  private static Duration seconds(Path source, String pattern) {
    var found = Pattern.compile(pattern).matcher(Repository.read(source)).results().toList();
    assertThat(found).as("%s in %s", pattern, source).hasSize(1);
    return Duration.ofSeconds(Long.parseLong(found.getFirst().group(1)));
  }

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
