package io.smartdoor.lock;

import java.security.SecureRandom;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What several packages share. */
@Configuration(proxyBeanMethods = false)
class LockConfiguration {

  @Bean
  SecureRandom secureRandom() {
    return new SecureRandom();
  }
}
