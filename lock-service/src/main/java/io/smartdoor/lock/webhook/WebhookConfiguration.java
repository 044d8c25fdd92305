package io.smartdoor.lock.webhook;

import io.micrometer.core.instrument.MeterRegistry;
import io.smartdoor.events.EventCodec;
import io.smartdoor.http.OpenEndpoint;
import io.smartdoor.lock.door.DoorKey;
import io.smartdoor.lock.door.Doors;
import io.smartdoor.lock.outbox.Outbox;
import java.security.SecureRandom;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;

/** Puts together what takes in webhooks. */
@Configuration(proxyBeanMethods = false)
class WebhookConfiguration {

  /** Its callers authenticate by their signatures. */
  @Bean
  OpenEndpoint webhook() {
    return new OpenEndpoint(HttpMethod.POST, WebhookController.PATH);
  }

  @Bean
  WebhookVerifier webhookVerifier(Doors doors, SecureRandom random) {
    return new WebhookVerifier(doors, DoorKey.generate(random));
  }

  @Bean
  WebhookIntake webhookIntake(Outbox outbox, EventCodec codec) {
    return new WebhookIntake(outbox, codec);
  }

  @Bean
  WebhookMetrics webhookMetrics(MeterRegistry meters) {
    return new WebhookMetrics(meters);
  }
}
