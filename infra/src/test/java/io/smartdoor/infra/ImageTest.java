package io.smartdoor.infra;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ImageTest {

  /** Whoever acts on it (Docker Swarm, say) starts the container anew, which mends no AWS. */
  @Test
  void itsOwnCheckCountsAwsOnlyUntilItWasThereOnce() {
    var dockerfile = Repository.read(Repository.STACKS.resolveSibling("docker/Dockerfile"));

    assertThat(dockerfile.lines().filter(it -> it.contains("/app/health\"")))
        .singleElement()
        .asString()
        .endsWith("\"Health\", \"startup\"]");
  }
}
