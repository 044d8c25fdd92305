package io.smartdoor.identification.face;

import io.smartdoor.http.UnusableSettingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How faces are found and compared.
 *
 * @param detectorModel file of the model YuNet (ONNX), which finds faces; with one of SFace or not
 *     at all. Without them, faces are a demonstration
 * @param recognizerModel file of the model SFace (ONNX), which compares faces
 * @param matchThreshold from which confidence on a face is a person's, from 0 to 100; the method's
 *     own unless it is set
 * @param unknownThreshold below which confidence a face is nobody's, from 0 to the former; in
 *     between it is ambiguous
 */
@ConfigurationProperties("smartdoor.identification.faces")
record FaceProperties(
    Optional<String> detectorModel,
    Optional<String> recognizerModel,
    Optional<Double> matchThreshold,
    Optional<Double> unknownThreshold) {

  private static final String PREFIX = "smartdoor.identification.faces.";

  FaceProperties {
    demandReadable(detectorModel, "detector-model");
    demandReadable(recognizerModel, "recognizer-model");
    if (detectorModel.isPresent() != recognizerModel.isPresent()) {
      UnusableSettingException.unlessSet(
          null,
          PREFIX + (detectorModel.isPresent() ? "recognizer-model" : "detector-model"),
          "a file, as the other model is set");
    }
    demandPercentage(matchThreshold, "match-threshold");
    demandPercentage(unknownThreshold, "unknown-threshold");
    thresholds(
        detectorModel.isPresent() ? OpenCvModels.THRESHOLDS : OpenCvDemonstration.THRESHOLDS,
        matchThreshold,
        unknownThreshold);
  }

  boolean hasModels() {
    return detectorModel.isPresent();
  }

  /** The method's own, where they are not set. */
  Thresholds thresholds(Thresholds ofMethod) {
    return thresholds(ofMethod, matchThreshold, unknownThreshold);
  }

  private static Thresholds thresholds(
      Thresholds ofMethod, Optional<Double> match, Optional<Double> unknown) {
    var upper = match.orElse(ofMethod.match().percent());
    var lower = unknown.orElse(ofMethod.unknown().percent());
    UnusableSettingException.unless(
        lower <= upper,
        PREFIX + "unknown-threshold",
        "the threshold of a match, %s, or less".formatted(upper),
        lower);
    return Thresholds.of(upper, lower);
  }

  private static void demandPercentage(Optional<Double> value, String property) {
    value.ifPresent(it ->
        UnusableSettingException.unless(
            it >= 0 && it <= 100, PREFIX + property, "a number from 0 to 100", it));
  }

  private static void demandReadable(Optional<String> file, String property) {
    file.ifPresent(it ->
        UnusableSettingException.unless(
            Files.isRegularFile(Path.of(it)) && Files.isReadable(Path.of(it)),
            PREFIX + property,
            "a file that can be read",
            it));
  }
}
