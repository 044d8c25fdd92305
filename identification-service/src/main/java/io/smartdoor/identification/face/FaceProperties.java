package io.smartdoor.identification.face;

import io.smartdoor.http.UnusableSettingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How faces are found and compared.
 *
 * @param detectorModel file of the model YuNet (ONNX), which finds faces; with one of SFace or not
 *     at all. Without them, faces are a demonstration
 * @param recognizerModel file of the model SFace (ONNX), which compares faces
 * @param collection id of a collection of Amazon Rekognition, which then compares faces in place of
 *     OpenCV; not verified against AWS
 * @param matchThreshold from which confidence on a face is a person's, from 0 to 100; the method's
 *     own unless it is set
 * @param unknownThreshold below which confidence a face is nobody's, from 0 to the former; in
 *     between it is ambiguous
 */
@ConfigurationProperties("smartdoor.identification.faces")
record FaceProperties(
    Optional<String> detectorModel,
    Optional<String> recognizerModel,
    Optional<String> collection,
    Optional<Double> matchThreshold,
    Optional<Double> unknownThreshold) {

  private static final String PREFIX = "smartdoor.identification.faces.";

  /** https://docs.aws.amazon.com/rekognition/latest/APIReference/API_CreateCollection.html. */
  private static final Pattern COLLECTION = Pattern.compile("[a-zA-Z0-9_.\\-]{1,255}");

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
    collection.ifPresent(it -> {
      UnusableSettingException.unless(
          COLLECTION.matcher(it).matches(),
          PREFIX + "collection",
          "the id of a collection, 1 to 255 of a-z, A-Z, 0-9, _, . and -",
          it);
      UnusableSettingException.unless(
          detectorModel.isEmpty(),
          PREFIX + "collection",
          "either a collection of Rekognition or models for OpenCV, not both",
          it);
    });
    thresholds(kind(collection, detectorModel).thresholds(), matchThreshold, unknownThreshold);
  }

  /** What compares faces. */
  enum Kind {
    DEMONSTRATION,
    MODELS,
    REKOGNITION;

    FaceMethod method() {
      return switch (this) {
        case DEMONSTRATION -> OpenCvDemonstration.METHOD;
        case MODELS -> OpenCvModels.METHOD;
        case REKOGNITION -> RekognitionFaces.METHOD;
      };
    }

    /** By default. */
    Thresholds thresholds() {
      return switch (this) {
        case DEMONSTRATION -> OpenCvDemonstration.THRESHOLDS;
        case MODELS -> OpenCvModels.THRESHOLDS;
        case REKOGNITION -> RekognitionFaces.THRESHOLDS;
      };
    }
  }

  Kind kind() {
    return kind(collection, detectorModel);
  }

  private static Kind kind(Optional<String> collection, Optional<String> detectorModel) {
    if (collection.isPresent()) {
      return Kind.REKOGNITION;
    }
    return detectorModel.isPresent() ? Kind.MODELS : Kind.DEMONSTRATION;
  }

  /** The method's own, where they are not set. */
  Thresholds thresholds() {
    return thresholds(kind().thresholds(), matchThreshold, unknownThreshold);
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
