import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * Ends with 0 if the service in this container answers that it is alive, or, called with {@code startup}, that it
 * has started. Compiled into the image, which has no curl; speaks HTTP itself, since a client's classes take longer to load.
 */
public final class Health {

  private static final int LIMIT_MILLIS = 2500;

  private Health() {}

  public static void main(String[] arguments) throws IOException {
    var port = Integer.parseInt(System.getenv().getOrDefault("SERVER_PORT", "8080"));
    var group = arguments.length > 0 ? arguments[0] : "liveness";
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), LIMIT_MILLIS);
      socket.setSoTimeout(LIMIT_MILLIS);
      var request = "GET /actuator/health/%s HTTP/1.0\r\nhost: localhost\r\n\r\n".formatted(group);
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      var answer = new String(socket.getInputStream().readNBytes("HTTP/1.1 200".length()), US_ASCII);
      System.exit(answer.startsWith("HTTP/1.") && answer.endsWith(" 200") ? 0 : 1);
    }
  }
}
