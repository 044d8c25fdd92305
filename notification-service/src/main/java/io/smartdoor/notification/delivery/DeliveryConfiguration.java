package io.smartdoor.notification.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import io.smartdoor.events.EventCodec;
import io.smartdoor.events.ReceivedEvent;
import io.smartdoor.http.UnusableSettingException;
import io.smartdoor.messaging.consuming.EventDecoder;
import io.smartdoor.messaging.consuming.Subscription;
import io.smartdoor.notification.people.People;
import io.smartdoor.notification.recipient.Recipients;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DeliveryConfiguration.Resources.class)
class DeliveryConfiguration {

  /**
   * Where events come from, by outputs of stack {@code notification}.
   *
   * @param queue SQS queue that notification's rule fills
   * @param deadLetterQueue SQS queue for what is rejected
   * @param handledTable DynamoDB table of what was handled: what {@code
   *     smartdoor.messaging.handled-table} is unless it is set itself
   */
  @ConfigurationProperties("smartdoor.notification")
  record Resources(String queue, String deadLetterQueue, String handledTable) {

    Resources {
      demand(queue, "queue", "the name of a queue");
      demand(deadLetterQueue, "dead-letter-queue", "the name of a queue");
      demand(handledTable, "handled-table", "the name of a table");
    }

    private static void demand(String name, String property, String expected) {
      UnusableSettingException.unlessSet(name, "smartdoor.notification." + property, expected);
    }
  }

  @Bean
  Subscription<ReceivedEvent> doorEvents(
      Resources resources,
      EventCodec codec,
      Recipients recipients,
      People people,
      List<Channel> channels,
      MeterRegistry meters) {
    return new Subscription<>(
        "notification",
        resources.queue(),
        resources.deadLetterQueue(),
        EventDecoder.ofSmartDoorEvents(codec),
        new DynamoDbOutages(
            new NotifyOnEvents(
                recipients, channels, new Wording(people), DynamoDbOutages::isOutage, meters),
            meters));
  }
}
