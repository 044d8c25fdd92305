package io.smartdoor.notification;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the Notification Service. */
@SpringBootApplication
public class NotificationServiceApplication {

  /** Configured by the environment alone: see docs/operations.md. */
  public static void main(String[] arguments) {
    SpringApplication.run(NotificationServiceApplication.class, arguments);
  }
}
