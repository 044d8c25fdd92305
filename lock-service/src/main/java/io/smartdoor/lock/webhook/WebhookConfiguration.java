package io.smartdoor.lock.webhook;

import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.smartdoor.events.EventCodec;
import io.smartdoor.http.OpenEndpoint;
import io.smartdoor.http.UnusableSettingException;
import io.smartdoor.lock.door.DoorKey;
import io.smartdoor.lock.door.Doors;
import io.smartdoor.lock.outbox.Outbox;
import io.smartdoor.messaging.tracing.Traces;
import java.security.SecureRandom;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;

/** Puts together what takes in webhooks. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WebhookConfiguration.Settings.class)
class WebhookConfiguration {

  /**
   * How much is taken in. Each instance counts by itself.
   *
   * @param doorRate what one door may report in a second, in the long run; more than 0 and at most
   *     1000000
   * @param doorBurst what one door may report at once; 1 or more
   * @param unprovenRate what may come from one address (IPv6: a network of 64 bits) that no door
   *     has signed, in a second in the long run; more than 0 and at most 1000000
   * @param unprovenBurst what may come from one address that no door has signed, at once; 1 or more
   * @param inHand webhooks that are worked on at the same time; one more is answered 503 at once; 1
   *     or more
   * @param patience how long after it came in work on a webhook may begin; more than 0s
   */
  @ConfigurationProperties("smartdoor.lock.webhooks")
  record Settings(
      @DefaultValue("10") double doorRate,
      @DefaultValue("50") int doorBurst,
      @DefaultValue("5") double unprovenRate,
      @DefaultValue("100") int unprovenBurst,
      @DefaultValue("256") int inHand,
      @DefaultValue("10s") Duration patience) {

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
  WebhookIntake webhookIntake(
      Outbox outbox, EventCodec codec, SnapshotPlaces places, Settings settings, Traces traces) {
    var ticker = Ticker.systemTicker();
    return new WebhookIntake(
        outbox,
        codec,
        new RecentAnswers(ticker),
        new Allowances<>(new RateLimit(settings.doorRate(), settings.doorBurst()), ticker),
        places,
        traces);
  }

  @Bean
  Sources sources(Settings settings) {
    return new Sources(
        new Allowances<>(
            new RateLimit(settings.unprovenRate(), settings.unprovenBurst()),
            Ticker.systemTicker()));
  }

  @Bean
  Gates gates(WebhookVerifier verifier, Sources sources, MeterRegistry meters) {
    return new Gates(verifier, sources, meters);
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
