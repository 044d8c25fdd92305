package io.smartdoor.identification.face;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rekognition.RekognitionClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rekognition's side of the wire: it sees what it is told to see, and refuses what its pages say it
 * refuses.
 *
 * <ul>
 *   <li>https://docs.aws.amazon.com/rekognition/latest/APIReference/API_DetectFaces.html
 *   <li>https://docs.aws.amazon.com/rekognition/latest/APIReference/API_SearchFacesByImage.html
 *   <li>https://docs.aws.amazon.com/rekognition/latest/dg/limits.html
 * </ul>
 */
final class FakeRekognition implements AutoCloseable {

  static final String COLLECTION = "smartdoor";

  private static final JsonMapper JSON = new JsonMapper();
  private static final int MOST_BYTES = 5 * 1024 * 1024;

  /** Where a face is, in shares of the picture, and how sharp. */
  record Seen(double left, double top, double width, double height, double sharpness) {

    String box() {
      return """
      {"Left": %s, "Top": %s, "Width": %s, "Height": %s}\
      """
          .formatted(left, top, width, height);
    }
  }

  record Call(String operation, JsonNode request) {

    Optional<BufferedImage> image() throws IOException {
      var bytes = Base64.getDecoder().decode(request.at("/Image/Bytes").asString());
      return Optional.ofNullable(ImageIO.read(new ByteArrayInputStream(bytes)));
    }
  }

  private record Answer(int status, String body) {}

  private final HttpServer server;
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final Queue<Answer> searches = new ArrayDeque<>();
  private volatile List<Seen> seen = List.of();
  private volatile Optional<Answer> refusal = Optional.empty();

  FakeRekognition() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          var target = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
          var call =
              new Call(
                  target.replace("RekognitionService.", ""),
                  JSON.readTree(exchange.getRequestBody().readAllBytes()));
          calls.add(call);
          var answer = refusal.orElseGet(() -> answer(call));
          var body = answer.body().getBytes(UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
          exchange.sendResponseHeaders(answer.status(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  private synchronized Answer answer(Call call) {
    if (call.request().has("CollectionId")
        && !call.request().path("CollectionId").asString().equals(COLLECTION)) {
      return refused(400, "ResourceNotFoundException");
    }
    if (call.request().has("Image")) {
      var bytes = Base64.getDecoder().decode(call.request().at("/Image/Bytes").asString());
      if (bytes.length > MOST_BYTES) {
        return refused(400, "ImageTooLargeException");
      }
      if (!isJpeg(bytes) && !isPng(bytes)) {
        return refused(400, "InvalidImageFormatException");
      }
    }
    return switch (call.operation()) {
      case "DetectFaces" -> new Answer(200, faces());
      case "IndexFaces" -> new Answer(200, indexed());
      case "SearchFacesByImage" -> searched(call);
      case "DeleteFaces" -> new Answer(200, "{\"DeletedFaces\": []}");
      default -> refused(400, "UnknownOperationException");
    };
  }

  private String faces() {
    return seen.stream()
        .map(it ->
            "{\"BoundingBox\": %s, \"Quality\": {\"Sharpness\": %s, \"Brightness\": 80}}"
                .formatted(it.box(), it.sharpness()))
        .collect(Collectors.joining(", ", "{\"FaceDetails\": [", "]}"));
  }

  private String indexed() {
    return seen.isEmpty()
        ? "{\"FaceRecords\": []}"
        : "{\"FaceRecords\": [{\"Face\": {\"FaceId\": \"face-of-anna\"}}]}";
  }

  /** What is smaller is refused, and so is a picture without a face. */
  private Answer searched(Call call) {
    try {
      var image = call.image().orElseThrow();
      var next = searches.poll();
      return next == null || image.getWidth() < 80 || image.getHeight() < 80
          ? refused(400, "InvalidParameterException")
          : next;
    } catch (IOException e) {
      return refused(400, "InvalidImageFormatException");
    }
  }

  private static boolean isJpeg(byte[] bytes) {
    return bytes.length > 2 && bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xD8;
  }

  private static boolean isPng(byte[] bytes) {
    return bytes.length > 3 && bytes[1] == 'P' && bytes[2] == 'N' && bytes[3] == 'G';
  }

  void sees(Seen... faces) {
    seen = List.of(faces);
  }

  /** The next search looks at the middle of its picture, and finds these. */
  synchronized void finds(String... faceIdsAndSimilarities) {
    finds(new Seen(0.3, 0.3, 0.4, 0.4, 90), faceIdsAndSimilarities);
  }

  synchronized void finds(Seen searched, String... faceIdsAndSimilarities) {
    var matches = new ArrayList<String>();
    for (var i = 0; i < faceIdsAndSimilarities.length; i += 2) {
      matches.add(
          "{\"Similarity\": %s, \"Face\": {\"FaceId\": \"%s\"}}"
              .formatted(faceIdsAndSimilarities[i + 1], faceIdsAndSimilarities[i]));
    }
    searches.add(
        new Answer(
            200,
            "{\"SearchedFaceBoundingBox\": %s, \"FaceMatches\": [%s]}"
                .formatted(searched.box(), String.join(", ", matches))));
  }

  void refuses(int status, String code) {
    refusal = Optional.of(refused(status, code));
  }

  private static Answer refused(int status, String code) {
    return new Answer(
        status, "{\"__type\": \"%s\", \"Message\": \"as the page says\"}".formatted(code));
  }

  List<Call> calls() {
    return List.copyOf(calls);
  }

  List<String> operations() {
    return calls.stream().map(Call::operation).toList();
  }

  /** A client that asks once: its repetitions are the SDK's business. */
  RekognitionClient client() {
    return RekognitionClient.builder()
        .endpointOverride(URI.create("http://localhost:" + server.getAddress().getPort()))
        .region(Region.EU_CENTRAL_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("000000000000", "local")))
        .overrideConfiguration(it -> it.retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
