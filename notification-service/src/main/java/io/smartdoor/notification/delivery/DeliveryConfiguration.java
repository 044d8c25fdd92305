package io.smartdoor.notification.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import io.smartdoor.events.EventCodec;
import io.smartdoor.events.ReceivedEvent;
import io.smartdoor.messaging.consuming.EventDecoder;
import io.smartdoor.messaging.consuming.Subscription;
import io.smartdoor.notification.people.People;
import io.smartdoor.notification.recipient.Recipients;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DeliveryConfiguration {

  @Bean
  Subscription<ReceivedEvent> doorEvents(
      @Value("${smartdoor.notification.queue}") String queue,
      @Value("${smartdoor.notification.dead-letter-queue}") String deadLetterQueue,
      EventCodec codec,
      Recipients recipients,
      People people,
      List<Channel> channels,
      MeterRegistry meters) {
    return new Subscription<>(
        "notification",
        queue,
        deadLetterQueue,
        EventDecoder.ofSmartDoorEvents(codec),
        new DynamoDbOutages(
            new NotifyOnEvents(
                recipients, channels, new Wording(people), DynamoDbOutages::isOutage, meters),
            meters));
  }
}
