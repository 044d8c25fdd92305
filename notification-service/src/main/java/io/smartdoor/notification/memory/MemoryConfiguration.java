package io.smartdoor.notification.memory;

import com.github.benmanes.caffeine.cache.Ticker;
import io.smartdoor.http.UnusableSettingException;
import java.time.Clock;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(MemoryConfiguration.Settings.class)
class MemoryConfiguration {

  /**
   * What an instance remembers of what it has read.
   *
   * @param kept for how long at most an instance uses what it has read of recipients and names, and
   *     only for events that were accepted before it read. What another instance changes counts for
   *     every event accepted after the change at once, for those accepted before within this time;
   *     0s (every event reads anew) to 1m
   * @param clockDifference by how much the clocks of the services' machines may differ: a reading
   *     counts as later than an event only if it is later by more than that; 0s or more
   */
  @ConfigurationProperties("smartdoor.notification.memory")
  record Settings(
      @DefaultValue("2s") Duration kept, @DefaultValue("20ms") Duration clockDifference) {

    /** A change made elsewhere would be noticed later than anybody expects. */
    private static final Duration LONGEST = Duration.ofMinutes(1);

    Settings {
      demand(!kept.isNegative() && kept.compareTo(LONGEST) <= 0, "kept", "0s to 1m", kept);
      demand(!clockDifference.isNegative(), "clock-difference", "0s or more", clockDifference);
    }

    private static void demand(boolean holds, String property, String expected, Duration found) {
      UnusableSettingException.unless(
          holds, "smartdoor.notification.memory." + property, expected, found);
    }
  }

  @Bean
  Memory memory(Settings settings, Clock clock) {
    return new Memory(settings.kept(), settings.clockDifference(), clock, Ticker.systemTicker());
  }
}
