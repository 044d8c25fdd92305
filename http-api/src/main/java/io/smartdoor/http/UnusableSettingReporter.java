package io.smartdoor.http;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Reports an unusable setting in one line, before Spring Boot would with a page. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class UnusableSettingReporter implements SpringBootExceptionReporter {

  private static final Logger log = LoggerFactory.getLogger(UnusableSettingReporter.class);

  UnusableSettingReporter(@Nullable ConfigurableApplicationContext context) {}

  @Override
  public boolean reportException(Throwable failure) {
    for (@Nullable Throwable it = failure; it != null; it = it.getCause()) {
      if (it instanceof UnusableSettingException unusable) {
        log.error("does not start: {}", unusable.getMessage());
        return true;
      }
    }
    return false;
  }
}
