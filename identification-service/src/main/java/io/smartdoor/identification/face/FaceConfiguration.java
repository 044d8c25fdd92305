package io.smartdoor.identification.face;

import java.nio.file.Path;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

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
  FaceMatcher faceMatcher(OpenCvLibrary library, FaceProperties properties) {
    return properties.hasModels()
        ? new OpenCvFaces(
            library,
            OpenCvModels.METHOD,
            properties.thresholds(OpenCvModels.THRESHOLDS),
            () ->
                new OpenCvModels(
                    Path.of(properties.detectorModel().orElseThrow()),
                    Path.of(properties.recognizerModel().orElseThrow())))
        : new OpenCvFaces(
            library,
            OpenCvDemonstration.METHOD,
            properties.thresholds(OpenCvDemonstration.THRESHOLDS),
            OpenCvDemonstration::new);
  }

  /** Says how faces are compared, and whether OpenCV is loaded; nothing depends on what it says. */
  @Bean
  HealthIndicator faceMatching(OpenCvLibrary library, FaceProperties properties) {
    var method = properties.hasModels() ? OpenCvModels.METHOD : OpenCvDemonstration.METHOD;
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
