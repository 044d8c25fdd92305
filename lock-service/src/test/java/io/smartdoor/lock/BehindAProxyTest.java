package io.smartdoor.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.infra.testing.LocalAws;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** As docs/operations.md says how to name a trusted proxy: here, whoever calls. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "smartdoor.admin.token=" + LockApi.TOKEN,
      "server.forward-headers-strategy=native",
      "server.tomcat.remoteip.internal-proxies=127.0.0.1/32",
      "smartdoor.lock.webhooks.unproven-rate=0.001",
      "smartdoor.lock.webhooks.unproven-burst=5"
    })
class BehindAProxyTest {

  private static final LocalAws AWS = LocalAws.withStacks("lock");
  private static final String OPEN = "{\"state\": \"open\"}";

  @DynamicPropertySource
  static void aws(DynamicPropertyRegistry registry) {
    AWS.asProperties().forEach((name, value) -> registry.add(name, () -> value));
  }

  @Test
  void theAddressesThatATrustedProxyNamesAreToldApart(@LocalServerPort int port) throws Exception {
    var api = new LockApi(port);
    var door = api.register();
    for (var i = 0; i < 5; i++) {
      assertThat(from("198.51.100.1", api, "nowhere", door)).isEqualTo(401);
    }

    assertThat(from("198.51.100.1", api, "nowhere", door)).isEqualTo(429);
    assertThat(from("198.51.100.1", api, door.id(), door)).as("not heard before").isEqualTo(429);
    assertThat(from("198.51.100.2", api, door.id(), door)).as("not heard before").isEqualTo(202);
    assertThat(from("198.51.100.1", api, door.id(), door)).as("heard before").isEqualTo(202);
    // What a client writes in front of what the proxy adds is not believed.
    assertThat(from("198.51.100.9, 198.51.100.1", api, "nowhere", door)).isEqualTo(429);
  }

  /** A private address is nobody's proxy, unless it is named: Tomcat's default is another. */
  @Test
  void aNeighbourOfTheProxyIsNotBelievedAboutWhoItIs(@LocalServerPort int port) throws Exception {
    var api = new LockApi(port);
    var door = api.register();
    for (var i = 1; i <= 5; i++) {
      assertThat(from("203.0.113." + i + ", 10.0.7.9", api, "nowhere", door)).isEqualTo(401);
    }

    assertThat(from("203.0.113.6, 10.0.7.9", api, "nowhere", door)).isEqualTo(429);
    assertThat(from("203.0.113.1", api, "nowhere", door)).as("made up").isEqualTo(401);
  }

  private static int from(String address, LockApi api, String to, LockApi.Registered door)
      throws Exception {
    return api.webhook(door, OPEN).to(to).header("X-Forwarded-For", address).send().statusCode();
  }
}
