package io.smartdoor.identification.face;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rekognition.RekognitionClient;

class FaceConfigurationTest {

  private final ApplicationContextRunner service =
      new ApplicationContextRunner().withUserConfiguration(FaceConfiguration.class);

  @Test
  void nothingIsLoadedOrCreatedBeforeTheFirstFace() {
    service.run(context -> {
      var beans = context.getSourceApplicationContext().getBeanFactory();
      var health = context.getBean("faceMatching", HealthIndicator.class);

      assertThat(beans.getSingletonNames()).doesNotContain("faceMatcher");
      assertThat(now(health).getStatus()).isEqualTo(Status.UNKNOWN);
      assertThat(now(health).getDetails())
          .containsEntry("opencv", "not loaded: there was no face yet")
          .containsEntry("method", OpenCvDemonstration.METHOD.description());

      var matcher = context.getBean(FaceMatcher.class);
      assertThat(now(health).getStatus()).isEqualTo(Status.UNKNOWN);
      matcher.examine(Pictures.jpeg(Pictures.empty(64, 64)));

      assertThat(now(health).getStatus()).isEqualTo(Status.UP);
      assertThat(now(health).getDetails().get("opencv")).asString().matches("loaded in \\d+ ms");
    });
  }

  @Test
  void modelFilesChooseTheMethod(@TempDir Path folder) throws Exception {
    var detector = Files.writeString(folder.resolve("yunet.onnx"), "-");
    var recognizer = Files.writeString(folder.resolve("sface.onnx"), "-");

    service
        .withPropertyValues(
            "smartdoor.identification.faces.detector-model=" + detector,
            "smartdoor.identification.faces.recognizer-model=" + recognizer)
        .run(context -> {
          assertThat(context.getBean(FaceMatcher.class).method()).isEqualTo(OpenCvModels.METHOD);
          assertThat(now(context.getBean("faceMatching", HealthIndicator.class)).getDetails())
              .containsEntry("method", OpenCvModels.METHOD.description());
        });
  }

  @Test
  void aCollectionChoosesRekognition() {
    try (var client = RekognitionClient.builder().region(Region.EU_CENTRAL_1).build()) {
      service
          .withPropertyValues("smartdoor.identification.faces.collection=smartdoor")
          .withAllowBeanDefinitionOverriding(true)
          .withBean("rekognitionClient", RekognitionClient.class, () -> client)
          .run(context ->
              assertThat(context.getBean(FaceMatcher.class).method())
                  .isEqualTo(RekognitionFaces.METHOD));
    }
  }

  private static Health now(HealthIndicator indicator) {
    return Objects.requireNonNull(indicator.health());
  }
}
