package io.smartdoor.messaging;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Against a server that speaks as each test says: what a hanging AWS costs a caller. */
@Timeout(60)
class AwsClientsTest {

  private static final Duration LONG = Duration.ofSeconds(50);
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final String ANSWER = "{\"QueueUrl\":\"http://localhost/queue\"}";

  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicInteger tries = new AtomicInteger();
  private final ServerSocket server;

  AwsClientsTest() throws IOException {
    server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    end.countDown();
    server.close();
  }

  @Test
  void tryAgainWhereNothingIsHeard() {
    serve((number, socket) -> {
      if (number > 1) {
        send(socket, head() + ANSWER);
      }
      end.await();
    });

    try (var sqs = client(SHORT, LONG)) {
      assertThat(sqs.getQueueUrl(it -> it.queueName("queue")).queueUrl()).endsWith("/queue");
    }
    assertThat(tries).hasValue(2);
  }

  @Test
  void giveUpWhatOnlyTrickles() {
    serve((_, socket) -> {
      send(socket, head());
      for (var character : ANSWER.split("", -1)) {
        send(socket, character);
        if (end.await(20, MILLISECONDS)) {
          return;
        }
      }
    });

    try (var sqs = client(LONG, SHORT)) {
      assertThatExceptionOfType(ApiCallTimeoutException.class)
          .isThrownBy(() -> sqs.getQueueUrl(it -> it.queueName("queue")));
    }
    assertThat(tries).hasValue(1);
  }

  @Test
  void giveACallThatIsHeldOpenAsMuchMoreTime() {
    assertThat(AwsClients.heldOpenFor(Duration.ofSeconds(20)).apiCallTimeout())
        .contains(Duration.ofSeconds(50));
  }

  /** What the server does with its so many-th connection. */
  private interface Script {
    void play(int number, Socket socket) throws IOException, InterruptedException;
  }

  private void serve(Script script) {
    Thread.ofVirtual()
        .start(() -> {
          while (!server.isClosed()) {
            try {
              var socket = server.accept();
              Thread.ofVirtual().start(() -> play(script, socket));
            } catch (IOException e) {
              return;
            }
          }
        });
  }

  private void play(Script script, Socket socket) {
    try (socket) {
      // The request's first byte: the SDK connects only to ask.
      if (socket.getInputStream().read() >= 0) {
        script.play(tries.incrementAndGet(), socket);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
    socket.getOutputStream().flush();
  }

  private static String head() {
    return "HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: %d\r\n\r\n"
        .formatted(ANSWER.length());
  }

  private SqsClient client(Duration silence, Duration call) {
    return AwsClients.limited(
        SqsClient.builder()
            .endpointOverride(URI.create("http://127.0.0.1:" + server.getLocalPort()))
            .region(Region.EU_CENTRAL_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret"))),
        silence,
        call);
  }
}
