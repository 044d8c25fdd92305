package io.smartdoor.notification.memory;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class MemoryConfiguration {

  @Bean
  Memory memory(
      @Value("${smartdoor.notification.memory.kept}") Duration kept,
      @Value("${smartdoor.notification.memory.clock-difference}") Duration clockDifference,
      Clock clock) {
    return new Memory(kept, clockDifference, clock, Ticker.systemTicker());
  }
}
