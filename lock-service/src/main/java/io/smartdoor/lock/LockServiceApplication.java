package io.smartdoor.lock;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the Lock Service. */
@SpringBootApplication
public class LockServiceApplication {

  public static void main(String[] args) {
    SpringApplication.run(LockServiceApplication.class, args);
  }
}
