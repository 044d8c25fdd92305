package io.smartdoor.lock.webhook;

import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.smartdoor.events.EventCodec;
import io.smartdoor.http.OpenEndpoint;
import io.smartdoor.http.UnusableSettingException;
import io.smartdoor.lock.door.DoorKey;
import io.smartdoor.lock.door.Doors;
import io.smartdoor.lock.outbox.Outbox;
import java.security.SecureRandom;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;

/** Puts together what takes in webhooks. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WebhookConfiguration.Settings.class)
class WebhookConfiguration {

  /** As described in application.yaml. */
  @ConfigurationProperties("smartdoor.lock.webhooks")
  record Settings(
      double doorRate,
      int doorBurst,
      double unprovenRate,
      int unprovenBurst,
      int inHand,
      Duration patience) {

    private static final double MOST_A_SECOND = 1_000_000;

    Settings {
      demandRate("door-rate", doorRate);
      demand(doorBurst >= 1, "door-burst", "1 or more", doorBurst);
      demandRate("unproven-rate", unprovenRate);
      demand(unprovenBurst >= 1, "unproven-burst", "1 or more", unprovenBurst);
      demand(inHand >= 1, "in-hand", "1 or more", inHand);
      demand(patience.isPositive(), "patience", "more than 0s", patience);
    }

    private static void demandRate(String property, double rate) {
      demand(
          rate > 0 && rate <= MOST_A_SECOND,
          property,
          "more than 0 and at most 1000000 a second",
          rate);
    }

    private static void demand(boolean holds, String property, String expected, Object found) {
      UnusableSettingException.unless(
          holds, "smartdoor.lock.webhooks." + property, expected, found);
    }
  }

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
  WebhookIntake webhookIntake(Outbox outbox, EventCodec codec, Settings settings) {
    var ticker = Ticker.systemTicker();
    return new WebhookIntake(
        outbox,
        codec,
        new RecentAnswers(ticker),
        new Allowances<>(new RateLimit(settings.doorRate(), settings.doorBurst()), ticker));
  }

  @Bean
  Sources sources(Settings settings) {
    return new Sources(
        new Allowances<>(
            new RateLimit(settings.unprovenRate(), settings.unprovenBurst()),
            Ticker.systemTicker()));
  }

  @Bean
  InHand inHand(Settings settings) {
    return new InHand(settings.inHand(), settings.patience(), Ticker.systemTicker());
  }

  @Bean
  WebhookMetrics webhookMetrics(MeterRegistry meters) {
    return new WebhookMetrics(meters);
  }
}
