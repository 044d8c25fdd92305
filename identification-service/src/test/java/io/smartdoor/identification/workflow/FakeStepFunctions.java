package io.smartdoor.identification.workflow;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sfn.SfnClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Step Functions' side of the wire: answers as told, in the form of the AWS JSON 1.0 protocol
 * (https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html), and keeps what it was asked.
 */
final class FakeStepFunctions implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();

  private final HttpServer server;
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private volatile Answer answer = new Answer(500, "{}");

  record Call(String operation, JsonNode request) {}

  private record Answer(int status, String body) {}

  FakeStepFunctions() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          var target = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
          calls.add(
              new Call(
                  target.substring(target.indexOf('.') + 1),
                  JSON.readTree(exchange.getRequestBody().readAllBytes())));
          var body = answer.body().getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
          exchange.sendResponseHeaders(answer.status(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  void answers(String body) {
    answer = new Answer(200, body);
  }

  void refuses(int status, String code) {
    answer =
        new Answer(
            status,
            """
            {"__type": "com.amazonaws.swf.service.v2.model#%s", "message": "as the page says"}
            """
                .formatted(code));
  }

  List<Call> calls() {
    return List.copyOf(calls);
  }

  /** A client that asks once: its repetitions are the SDK's business. */
  SfnClient client() {
    return SfnClient.builder()
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
