package io.smartdoor.identification.face;

import io.awspring.cloud.autoconfigure.core.AwsClientBuilderConfigurer;
import io.smartdoor.messaging.AwsClients;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import software.amazon.awssdk.services.rekognition.RekognitionClient;

/**
 * Faces, from the first one on: nothing of OpenCV is loaded before, nor is the matcher created
 * before somebody asks for it.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(FaceProperties.class)
class FaceConfiguration {

  /** No singleton of OpenCV's, but what is known of it. */
  @Bean
  OpenCvLibrary openCvLibrary() {
    return new OpenCvLibrary(System::nanoTime);
  }

  @Bean
  @Lazy
  RekognitionClient rekognitionClient(AwsClientBuilderConfigurer configurer) {
    return AwsClients.build(configurer, RekognitionClient.builder());
  }

  @Bean
  @Lazy
  FaceMatcher faceMatcher(
      OpenCvLibrary library,
      FaceProperties properties,
      ObjectProvider<RekognitionClient> rekognition) {
    return switch (properties.kind()) {
      case DEMONSTRATION -> openCv(library, properties, OpenCvDemonstration::new);
      case MODELS ->
          openCv(
              library,
              properties,
              () ->
                  new OpenCvModels(
                      Path.of(properties.detectorModel().orElseThrow()),
                      Path.of(properties.recognizerModel().orElseThrow())));
      case REKOGNITION ->
          new RekognitionFaces(
              rekognition.getObject(),
              properties.collection().orElseThrow(),
              properties.thresholds(),
              new OpenCvCuts(library, RekognitionFaces.LEAST_SIDE));
    };
  }

  private static FaceMatcher openCv(
      OpenCvLibrary library, FaceProperties properties, Supplier<OpenCvMethod> opening) {
    return new OpenCvFaces(library, properties.kind().method(), properties.thresholds(), opening);
  }

  /** Says how faces are compared, and whether OpenCV is loaded; nothing depends on what it says. */
  @Bean
  HealthIndicator faceMatching(OpenCvLibrary library, FaceProperties properties) {
    var method = properties.kind().method();
    return () -> health(library.state()).withDetail("method", method.description()).build();
  }

  private static Health.Builder health(OpenCvLibrary.State state) {
    return switch (state) {
      case OpenCvLibrary.State.NotLoaded() ->
          Health.unknown().withDetail("opencv", "not loaded: there was no face yet");
      case OpenCvLibrary.State.Loaded(var took) ->
          Health.up().withDetail("opencv", "loaded in %d ms".formatted(took.toMillis()));
      case OpenCvLibrary.State.Failed(var message) ->
          Health.unknown().withDetail("opencv", "not loaded: " + message);
    };
  }
}
