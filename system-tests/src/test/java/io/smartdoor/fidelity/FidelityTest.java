package io.smartdoor.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Asks the AWS at hand about everything that SmartDoor relies on. */
class FidelityTest {

  /** So many probes at once: enough that their waiting overlaps. */
  private static final int AT_ONCE = 8;

  private static Map<String, List<Behaviour>> behaviours() {
    var all = new LinkedHashMap<String, List<Behaviour>>();
    all.put("EventBridge", EventBehaviours.all());
    all.put("SQS", QueueBehaviours.all());
    all.put("DynamoDB", TableBehaviours.all());
    all.put("S3", BucketBehaviours.all());
    all.put("Step Functions", WorkflowBehaviours.all());
    return all;
  }

  @Test
  void theDocumentSaysWhatThisAwsDoes() throws Exception {
    try (var lab = new Lab()) {
      var seen =
          FidelityDocument.standing()
              .with(Emulator.at(lab.aws().endpoint()), observe(lab))
              .render(behaviours(), Reliance.ofTheseTests());
      if ("1".equals(System.getenv("SMARTDOOR_WRITE_FIDELITY"))) {
        Files.writeString(FidelityDocument.FILE, seen);
      }
      assertThat(Files.readString(FidelityDocument.FILE)).isEqualTo(seen);
    }
  }

  /** What was seen, by the behaviour's name. */
  private static Map<String, String> observe(Lab lab) throws Exception {
    var running = new LinkedHashMap<String, Future<String>>();
    try (var threads = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      for (var behaviour : behaviours().values().stream().flatMap(List::stream).toList()) {
        behaviour
            .probe()
            .ifPresent(it -> running.put(behaviour.name(), threads.submit(() -> seen(it, lab))));
      }
    }
    var seen = new LinkedHashMap<String, String>();
    for (var probe : running.entrySet()) {
      seen.put(probe.getKey(), probe.getValue().get());
    }
    return seen;
  }

  /** A call that a probe makes on its way may be one that the emulator does not know. */
  private static String seen(Behaviour.Probe probe, Lab lab) throws Exception {
    try {
      return probe.observe(lab);
    } catch (AwsServiceException e) {
      return "%s: %s".formatted(e.awsErrorDetails().serviceName(), e.awsErrorDetails().errorCode());
    }
  }
}
