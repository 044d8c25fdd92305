package io.smartdoor.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.smartdoor.faults.Fault.CutConnection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes over the wire, byte by byte, before a server that says what it was asked. */
class ConnectionTest {

  private final HttpServer server = echo();
  private final FaultProxy proxy = FaultProxy.to(addressOf(server.getAddress().getPort()));
  private final URI endpoint = proxy.endpointFor(Caller.of("door"));
  private Socket socket = new Socket();
  private @Nullable BufferedReader in;

  @BeforeEach
  void connect() throws IOException {
    socket = new Socket(endpoint.getHost(), endpoint.getPort());
    socket.setSoTimeout(10_000);
  }

  @AfterEach
  void close() throws IOException {
    socket.close();
    proxy.close();
    server.stop(0);
  }

  @Test
  void answersRequestsThatWereSentAheadInTheirOrder() throws IOException {
    send(post("/1", "one") + get("/2") + post("/3", "three"));

    assertThat(read().body()).isEqualTo("POST /1 one");
    assertThat(read().body()).isEqualTo("GET /2 ");
    assertThat(read().body()).isEqualTo("POST /3 three");
    assertThat(proxy.calls().all()).map(RecordedCall::connection).containsOnly(1L).hasSize(3);
  }

  @Test
  void takesABodyInChunks() throws IOException {
    send(
        "POST /1 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3;x=y\r\none\r\nA\r\n, two, and\r\n0\r\nTrailer: x\r\n\r\n"
            + get("/2"));

    assertThat(read().body()).isEqualTo("POST /1 one, two, and");
    assertThat(read().body()).isEqualTo("GET /2 ");
  }

  @Test
  void passesOnABodyThatTheServerSendsInChunksWithItsLengthStated() throws IOException {
    send(get("/chunked"));

    assertThat(read().body()).isEqualTo("GET /chunked ");
  }

  @Test
  void asksForABodyThatIsHeldBack() throws IOException {
    var in = reader();
    send("POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    assertThat(in.readLine()).isEqualTo("HTTP/1.1 100 Continue");
    assertThat(in.readLine()).isEmpty();
    send("one");

    assertThat(read(in).body()).isEqualTo("POST /1 one");
  }

  @Test
  void endsAConnectionWhenItIsAskedTo() throws IOException {
    var in = reader();
    send("GET /1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

    var answer = read(in);

    assertThat(answer.headers()).contains("Connection: close");
    assertThat(in.read()).isEqualTo(-1);
  }

  @Test
  void tellsTheLengthOfWhatAHeadDoesNotSend() throws IOException {
    var in = reader();
    send(get("/1").replace("GET", "HEAD") + get("/2"));

    assertThat(in.readLine()).startsWith("HTTP/1.1 200");
    assertThat(headers(in)).contains("Content-length: 8");
    assertThat(read(in).body()).isEqualTo("GET /2 ");
  }

  @Test
  void namesTheServerAsIfItWereAskedDirectly() throws IOException {
    send("GET /host HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n".formatted(endpoint.getPort()));

    assertThat(read().body()).endsWith("127.0.0.1:" + server.getAddress().getPort());
  }

  @Test
  void losesTheAnswerOfAServiceOfOurOwnOnceItWasGiven() {
    var rule =
        proxy.inject(
            new CutConnection(Moment.AFTER_AWS),
            Match.of(AwsService.OTHER, "POST /v1/webhook")
                .answered("200", it -> it.status() == 200),
            Times.once());

    assertThatThrownBy(
            () -> {
              send(post("/v1/webhook", "one"));
              read();
            })
        .isInstanceOf(SocketException.class);

    assertThat(rule.fired()).isEqualTo(1);
    assertThat(proxy.calls().all().getFirst().awsStatus()).hasValue(200);
  }

  @Test
  void endsAConnectionThatSpeaksSomethingElse() throws IOException {
    send("hello\r\n");

    assertThat(reader().read()).isEqualTo(-1);
    assertThat(proxy.calls().all()).isEmpty();
  }

  @Test
  void cutsTheConnectionWhereNoServerIs() {
    server.stop(0);

    assertThatThrownBy(
            () -> {
              send(get("/1"));
              read();
            })
        .isInstanceOf(SocketException.class);

    assertThat(proxy.calls().all()).hasSize(1).noneMatch(RecordedCall::reachedAws);
  }

  private record Message(List<String> headers, String body) {}

  private static String get(String path) {
    return "GET %s HTTP/1.1\r\nHost: h\r\n\r\n".formatted(path);
  }

  private static String post(String path, String body) {
    return "POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(path, body.length(), body);
  }

  private void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  private BufferedReader reader() throws IOException {
    return new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
  }

  private Message read() throws IOException {
    if (in == null) {
      in = reader();
    }
    return read(in);
  }

  private static Message read(BufferedReader in) throws IOException {
    assertThat(in.readLine()).isEqualTo("HTTP/1.1 200 OK");
    var headers = headers(in);
    var length =
        headers.stream()
            .filter(it -> it.startsWith("Content-Length: "))
            .mapToInt(it -> Integer.parseInt(it.substring("Content-Length: ".length())))
            .sum();
    var body = new char[length];
    for (var i = 0; i < length; i++) {
      body[i] = (char) in.read();
    }
    return new Message(headers, new String(body));
  }

  private static List<String> headers(BufferedReader in) throws IOException {
    List<String> all = new ArrayList<>();
    for (var line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
      all.add(line);
    }
    return all;
  }

  private static URI addressOf(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  /**
   * Answers with method, target and body; {@code /chunked} in chunks; {@code /host} with the host.
   */
  private static HttpServer echo() {
    try {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext(
          "/",
          exchange -> {
            var path = exchange.getRequestURI().toString();
            var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            var said = path.equals("/host") ? exchange.getRequestHeaders().getFirst("Host") : body;
            var answer = "%s %s %s".formatted(exchange.getRequestMethod(), path, said);
            var bytes = answer.getBytes(UTF_8);
            var isHead = exchange.getRequestMethod().equals("HEAD");
            if (isHead) {
              exchange.getResponseHeaders().set("Content-length", Integer.toString(bytes.length));
            }
            exchange.sendResponseHeaders(
                200, isHead ? -1 : path.equals("/chunked") ? 0 : bytes.length);
            if (!isHead) {
              exchange.getResponseBody().write(bytes);
            }
            exchange.close();
          });
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
