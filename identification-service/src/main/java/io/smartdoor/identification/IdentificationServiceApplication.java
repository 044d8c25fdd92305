package io.smartdoor.identification;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Keeps residents and their credentials, and finds out who opened a door. */
@SpringBootApplication
public class IdentificationServiceApplication {

  public static void main(String[] arguments) {
    SpringApplication.run(IdentificationServiceApplication.class, arguments);
  }
}
