package io.smartdoor.infra.testing;

import java.net.URI;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/** LocalStack in a container, by Testcontainers: for whoever wants the tests to run on it. */
final class LocalStack {

  /** Asks for it; {@code ./smartdoor verify --localstack} does. */
  private static final String VARIABLE = "SMARTDOOR_AWS";

  /** The last release that runs without an account. */
  private static final String IMAGE = "localstack/localstack:4.14.0";

  private LocalStack() {}

  /**
   * Whether this is the AWS to use.
   *
   * @throws IllegalArgumentException if another one is asked for that nobody knows
   */
  static boolean isWanted() {
    var wanted = System.getenv().getOrDefault(VARIABLE, "");
    return switch (wanted) {
      case "localstack" -> true;
      case "ministack", "" -> false;
      default ->
          throw new IllegalArgumentException(
              "expected %s to be ministack or localstack, found %s".formatted(VARIABLE, wanted));
    };
  }

  /**
   * Starts one, which ends with this JVM.
   *
   * @throws IllegalStateException if there is no Docker to start it in
   */
  // Not closed: it lives as long as the JVM, and is removed by Testcontainers after that.
  @SuppressWarnings("resource")
  static URI start() {
    var container =
        new LocalStackContainer(DockerImageName.parse(IMAGE))
            .withEnv("SQS_ENDPOINT_STRATEGY", "path");
    container.start();
    return container.getEndpoint();
  }
}
