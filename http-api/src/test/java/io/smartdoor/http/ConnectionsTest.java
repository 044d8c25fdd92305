package io.smartdoor.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What becomes of a connection on which nothing comes. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "smartdoor.admin.token=" + HttpApiTest.TOKEN,
      "spring.application.name=things",
      "server.tomcat.connection-timeout=500ms"
    })
class ConnectionsTest {

  /** Of the connection timeout and the second in which Tomcat looks for what is over, in ms. */
  private static final int WELL_BEYOND = 3000;

  private static final int PATIENT = 20_000;

  private static final String REQUEST =
      "GET /actuator/health/liveness HTTP/1.1\r\nHost: localhost\r\n\r\n";

  @LocalServerPort private int port;

  /** Whoever keeps a connection for the next request must not lose that request. */
  @Test
  void staysOpenBetweenTwoRequestsButNotInTheMiddleOfOne() throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      var answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      send(socket, REQUEST);
      readAnswer(socket, answers);

      socket.setSoTimeout(WELL_BEYOND);
      assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(answers::read);

      send(socket, REQUEST);
      readAnswer(socket, answers);

      send(socket, REQUEST.substring(0, 20));
      socket.setSoTimeout(PATIENT);
      assertThat(answers.lines().noneMatch(it -> it.contains("200"))).isTrue();
    }
  }

  @Test
  void isClosedWhereTheFirstRequestNeverComes() throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENT);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
  }

  private static void readAnswer(Socket socket, BufferedReader answers) throws IOException {
    socket.setSoTimeout(PATIENT);
    assertThat(answers.readLine()).startsWith("HTTP/1.1 200");
    // In chunks, of which the last is empty.
    while (!answers.readLine().equals("0")) {}
    assertThat(answers.readLine()).isEmpty();
  }
}
