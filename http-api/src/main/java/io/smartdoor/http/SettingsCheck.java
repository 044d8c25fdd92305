package io.smartdoor.http;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Refuses unusable settings before anything is started: what fails later fails with the framework's
 * own comments.
 */
final class SettingsCheck implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    if (context instanceof WebServerApplicationContext) {
      var environment = context.getEnvironment();
      LogFormat.of(environment);
      var _ = new AdminToken(environment.getProperty("smartdoor.admin-token", ""));
    }
  }
}
