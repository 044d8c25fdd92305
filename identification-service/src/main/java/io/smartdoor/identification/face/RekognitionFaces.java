package io.smartdoor.identification.face;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smartdoor.identification.face.OpenCvCuts.Box;
import io.smartdoor.identification.face.OpenCvCuts.Opened;
import io.smartdoor.messaging.AwsFailure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.rekognition.RekognitionClient;
import software.amazon.awssdk.services.rekognition.model.BoundingBox;
import software.amazon.awssdk.services.rekognition.model.FaceDetail;
import software.amazon.awssdk.services.rekognition.model.Image;
import software.amazon.awssdk.services.rekognition.model.ImageTooLargeException;
import software.amazon.awssdk.services.rekognition.model.InvalidImageFormatException;
import software.amazon.awssdk.services.rekognition.model.InvalidParameterException;
import software.amazon.awssdk.services.rekognition.model.QualityFilter;

/**
 * Faces by Amazon Rekognition, in one collection for each installation. <strong>Not verified
 * against AWS</strong>: built from its documentation, and tested against a fake that answers and
 * refuses as that says.
 *
 * <p>A template is the id of a face in the collection, which is an index and nothing else: a face
 * that is in it and not in a {@link FaceGallery} is nobody's, so what a crash leaves behind
 * recognises nobody.
 *
 * <p>https://docs.aws.amazon.com/rekognition/latest/APIReference/API_SearchFacesByImage.html looks
 * at the largest face of a picture alone. So each face that DetectFaces finds is cut out, and
 * looked for by itself.
 */
final class RekognitionFaces implements FaceMatcher {

  static final FaceMethod METHOD =
      new FaceMethod("rekognition-1", "Amazon Rekognition, not verified against AWS");

  /**
   * The threshold of a match is SearchFacesByImage's own default; the documentation of IndexFaces
   * and of searching recommends 99 where it is about safety, which recognition here is not.
   */
  static final Thresholds THRESHOLDS = Thresholds.of(80, 60);

  /** https://docs.aws.amazon.com/rekognition/latest/dg/limits.html: of an image to search by. */
  static final int LEAST_SIDE = 80;

  /** Each is a call. Who is further away than these is nobody's face. */
  static final int MOST_FACES = 10;

  /** A person may have several faces, and the next person counts, too. */
  private static final int MOST_MATCHES = 100;

  /** Of Rekognition's Quality.Sharpness, from 0 to 100. */
  private static final double LEAST_SHARPNESS = 20;

  private final RekognitionClient rekognition;
  private final String collection;
  private final Thresholds thresholds;
  private final OpenCvCuts cuts;

  RekognitionFaces(
      RekognitionClient rekognition, String collection, Thresholds thresholds, OpenCvCuts cuts) {
    this.rekognition = rekognition;
    this.collection = collection;
    this.thresholds = thresholds;
    this.cuts = cuts;
  }

  @Override
  public FaceMethod method() {
    return METHOD;
  }

  @Override
  public FaceExamination examine(byte[] picture) {
    var refusal = PictureFile.refusal(picture);
    if (refusal.isPresent()) {
      return new FaceExamination.Unreadable(refusal.get());
    }
    try {
      return answered(() ->
          cuts.open(picture, opened -> examine(picture, opened))
              .orElseGet(() -> new FaceExamination.Unreadable(UnreadablePicture.BROKEN)));
    } catch (RefusedPicture e) {
      return new FaceExamination.Unreadable(e.reason);
    }
  }

  private FaceExamination examine(byte[] picture, Opened opened) {
    var faces = detected(picture);
    if (faces.isEmpty()) {
      return new FaceExamination.NoFace();
    }
    if (faces.size() > 1) {
      return new FaceExamination.SeveralFaces(faces.size());
    }
    var face = faces.getFirst();
    var width = (int) (box(face.boundingBox()).width() * opened.width());
    if (width < OpenCvFaces.LEAST_WIDTH) {
      return new FaceExamination.TooSmall(width, OpenCvFaces.LEAST_WIDTH);
    }
    var sharpness = face.quality() == null ? 100 : face.quality().sharpness();
    if (sharpness < LEAST_SHARPNESS) {
      return new FaceExamination.TooBlurred(sharpness, LEAST_SHARPNESS);
    }
    return indexed(picture);
  }

  /** One face was detected; the collection may still find it no good. */
  private FaceExamination indexed(byte[] picture) {
    var answer =
        rekognition.indexFaces(request ->
            request
                .collectionId(collection)
                .image(image(picture))
                .maxFaces(1)
                .qualityFilter(QualityFilter.AUTO));
    return answer.faceRecords().isEmpty()
        ? new FaceExamination.TooBlurred(0, LEAST_SHARPNESS)
        : new FaceExamination.Usable(
            new FaceTemplate(
                METHOD.version(), answer.faceRecords().getFirst().face().faceId().getBytes(UTF_8)));
  }

  @Override
  public FaceGallery gallery(Collection<EnrolledFace> faces) {
    Map<String, PersonId> people = new HashMap<>();
    var leftOut = new ArrayList<EnrolledFace>();
    for (var face : faces) {
      if (face.template().method().equals(METHOD.version())) {
        people.put(new String(face.template().bytes(), UTF_8), face.person());
      } else {
        leftOut.add(face);
      }
    }
    return new Gallery(Map.copyOf(people), List.copyOf(leftOut));
  }

  @Override
  public void forget(FaceTemplate template) {
    if (template.method().equals(METHOD.version())) {
      answered(() ->
          rekognition.deleteFaces(request ->
              request.collectionId(collection).faceIds(new String(template.bytes(), UTF_8))));
    }
  }

  private List<FaceDetail> detected(byte[] picture) {
    return rekognition.detectFaces(request -> request.image(image(picture))).faceDetails().stream()
        .sorted(
            Comparator.<FaceDetail>comparingDouble(it -> box(it.boundingBox()).area()).reversed())
        .toList();
  }

  private static Image image(byte[] picture) {
    return Image.builder().bytes(SdkBytes.fromByteArrayUnsafe(picture)).build();
  }

  private static Box box(BoundingBox box) {
    return new Box(box.left(), box.top(), box.width(), box.height());
  }

  /** What AWS answers; its refusals of a picture are answers, too, and all others pass or block. */
  private static <T> T answered(Supplier<T> call) {
    try {
      return call.get();
    } catch (InvalidImageFormatException e) {
      throw new RefusedPicture(UnreadablePicture.BROKEN, e);
    } catch (ImageTooLargeException e) {
      throw new RefusedPicture(UnreadablePicture.TOO_MANY_BYTES, e);
    } catch (SdkException e) {
      throw new FaceMatcherUnavailableException(
          "expected an answer of Rekognition, found " + AwsFailure.codeOf(e),
          AwsFailure.of(e) != AwsFailure.BLOCKED,
          e);
    }
  }

  /** On its way to an answer. */
  private static final class RefusedPicture extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final UnreadablePicture reason;

    RefusedPicture(UnreadablePicture reason, Throwable cause) {
      super(cause);
      this.reason = reason;
    }
  }

  private final class Gallery implements FaceGallery {

    private final Map<String, PersonId> people;
    private final List<EnrolledFace> leftOut;
    private volatile boolean closed;

    Gallery(Map<String, PersonId> people, List<EnrolledFace> leftOut) {
      this.people = people;
      this.leftOut = leftOut;
    }

    @Override
    public PictureVerdict match(byte[] picture) {
      if (closed) {
        throw new IllegalStateException("expected an open gallery, found a closed one");
      }
      var refusal = PictureFile.refusal(picture);
      if (refusal.isPresent()) {
        return new PictureVerdict.Unreadable(refusal.get());
      }
      try {
        return answered(() ->
            cuts.open(picture, opened -> match(picture, opened))
                .orElseGet(() -> new PictureVerdict.Unreadable(UnreadablePicture.BROKEN)));
      } catch (RefusedPicture e) {
        return new PictureVerdict.Unreadable(e.reason);
      }
    }

    private PictureVerdict match(byte[] picture, Opened opened) {
      var verdicts = new ArrayList<FaceVerdict>();
      for (var face : detected(picture)) {
        verdicts.add(
            verdicts.size() < MOST_FACES
                ? verdict(opened, box(face.boundingBox()))
                : new FaceVerdict.Unknown(Confidence.NONE));
      }
      return Verdicts.of(verdicts);
    }

    private FaceVerdict verdict(Opened opened, Box face) {
      if (people.isEmpty()) {
        return new FaceVerdict.Unknown(Confidence.NONE);
      }
      var cut = opened.cut(face);
      try {
        var answer =
            rekognition.searchFacesByImage(request ->
                request
                    .collectionId(collection)
                    .image(image(cut.jpeg()))
                    .faceMatchThreshold((float) thresholds.unknown().percent())
                    .maxFaces(MOST_MATCHES));
        if (!cut.face().isAround(box(answer.searchedFaceBoundingBox()))) {
          // A neighbour's, larger than the one that was meant: whose that is nobody has said.
          return new FaceVerdict.Ambiguous(Confidence.NONE);
        }
        var known =
            answer.faceMatches().stream().filter(it -> isKnown(it.face().faceId())).toList();
        return thresholds.closest(
            known.stream().map(it -> person(it.face().faceId()).orElseThrow()).toList(),
            known.stream().mapToDouble(it -> it.similarity()).toArray());
      } catch (InvalidParameterException e) {
        // What was a face before is none for a search: nobody's, which somebody should look at.
        return new FaceVerdict.Unknown(Confidence.NONE);
      }
    }

    private boolean isKnown(String faceId) {
      return person(faceId).isPresent();
    }

    private Optional<PersonId> person(String faceId) {
      return Optional.ofNullable(people.get(faceId));
    }

    @Override
    public List<EnrolledFace> leftOut() {
      return leftOut;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
