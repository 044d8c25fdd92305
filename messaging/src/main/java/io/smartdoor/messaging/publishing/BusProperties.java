package io.smartdoor.messaging.publishing;

import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where events are published.
 *
 * @param name name of the event bus, or its ARN; output of stack {@code bus}
 */
@ConfigurationProperties("smartdoor.bus")
record BusProperties(Optional<String> name) {

  /**
   * PutEvents refuses every event for the name of any other form. EventBusName's pattern and
   * length:
   * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html
   */
  private static final Pattern FORM =
      Pattern.compile(
          "(?=.{1,1600}$)(arn:aws[\\w-]*:events:[a-z]+-[a-z]+-[\\w-]+:[0-9]{12}:event-bus/)?[.\\-_A-Za-z0-9]+");

  BusProperties {
    if (!name.map(it -> FORM.matcher(it).matches()).orElse(true)) {
      throw new IllegalArgumentException(
          "smartdoor.bus.name: expected the name or ARN of an event bus, found \"%s\""
              .formatted(name.orElseThrow()));
    }
  }
}
