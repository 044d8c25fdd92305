package io.smartdoor.lock.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smartdoor.events.DoorId;
import io.smartdoor.http.Refusal;
import io.smartdoor.lock.TestTicker;
import io.smartdoor.lock.door.Door;
import io.smartdoor.lock.door.DoorKey;
import io.smartdoor.lock.door.DoorName;
import io.smartdoor.lock.door.InMemoryDoors;
import io.smartdoor.lock.webhook.Allowances;
import io.smartdoor.lock.webhook.RateLimit;
import io.smartdoor.lock.webhook.TestGates;
import jakarta.servlet.ServletInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** What the whole service cannot be made to show: what is not done, and time that passes. */
class SnapshotControllerTest {

  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
  private static final Door DOOR = new Door(new DoorId("front-door"), new DoorName("Front door"));
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final byte[] PHOTO = Photos.jpeg(64, 48);

  private final TestTicker time = new TestTicker();
  private final DoorKey key = DoorKey.generate(new Random(1));
  private final InMemorySnapshots snapshots = new InMemorySnapshots();
  private final Pictures pictures = new Pictures(1_000_000);
  private final MockHttpServletResponse response = new MockHttpServletResponse();
  private DoorKey signer = key;
  private SnapshotController controller;

  @BeforeEach
  void putTogether() {
    var doors = new InMemoryDoors();
    doors.add(DOOR, key);
    controller =
        new SnapshotController(
            TestGates.forSnapshots(doors, new SimpleMeterRegistry(), time),
            new UploadPlaces(2),
            new Allowances<>(new RateLimit(1, 2), time),
            pictures,
            snapshots,
            PATIENCE,
            time,
            Clock.fixed(NOW, ZoneOffset.UTC));
  }

  @AfterEach
  void close() {
    pictures.close();
  }

  @Test
  void storesWhatComesInTime() {
    assertThat(send(aPicture(() -> time.advance(PATIENCE)))).isEqualTo(201);
    assertThat(snapshots.size()).isEqualTo(1);
  }

  @Test
  void givesUpWhatTakesTooLong() {
    assertThat(send(aPicture(() -> time.advance(PATIENCE.plusNanos(1))))).isEqualTo(408);
    assertThat(snapshots.size()).isZero();
  }

  @Test
  void readsNothingOfABodyThatIsTooLarge() {
    var request = aPicture(SnapshotControllerTest::nobodyReads);
    request.setContent(new byte[SnapshotController.MAX_BODY + 1]);

    assertThat(send(request)).isEqualTo(413);
  }

  @Test
  void readsNothingWithoutRoomForIt() {
    var first =
        aPicture(() -> {
          assertThat(send(aPicture(SnapshotControllerTest::nobodyReads))).isEqualTo(503);
          assertThat(response.getHeader("Retry-After")).isEqualTo("2");
          var elsewhere = aPicture(() -> {});
          elsewhere.setRemoteAddr("192.0.2.7");
          assertThat(send(elsewhere)).isEqualTo(201);
        });

    assertThat(send(first)).isEqualTo(201);
  }

  @Test
  void looksAtNothingThatNoDoorHasSigned() {
    signer = DoorKey.generate(new Random(7));
    pictures.close();

    assertThat(send(aPicture(() -> {}))).isEqualTo(401);
    assertThat(response.getHeader("WWW-Authenticate")).isNotBlank();
  }

  @Test
  void decodesNothingOfADoorThatSendsTooMany() {
    assertThat(send(aPicture(() -> {}))).isEqualTo(201);
    assertThat(send(aPicture(() -> {}))).isEqualTo(201);
    pictures.close();

    assertThat(send(aPicture(() -> {}))).isEqualTo(429);
    assertThat(response.getHeader("Retry-After")).isEqualTo("1");
  }

  /** The status that it is answered. */
  private int send(MockHttpServletRequest request) {
    var snapshot = String.valueOf(request.getHeader("webhook-id"));
    try {
      return controller
          .store(DOOR.id().value(), snapshot, request, response)
          .getStatusCode()
          .value();
    } catch (Refusal e) {
      return e.status().value();
    }
  }

  private static void nobodyReads() {
    throw new AssertionError("nobody is to read this");
  }

  /** A new one, signed. */
  private MockHttpServletRequest aPicture(Runnable whenItIsRead) {
    var request =
        new MockHttpServletRequest("PUT", "/v1/doors/front-door/snapshots/…") {
          @Override
          public ServletInputStream getInputStream() {
            whenItIsRead.run();
            return super.getInputStream();
          }
        };
    var id = UUID.randomUUID();
    var timestamp = String.valueOf(NOW.getEpochSecond());
    var signature =
        signer.sign("%s.%s.".formatted(id, timestamp).getBytes(StandardCharsets.UTF_8), PHOTO);
    request.setContentType("image/jpeg");
    request.setContent(PHOTO);
    request.addHeader("webhook-id", id.toString());
    request.addHeader("webhook-timestamp", timestamp);
    request.addHeader("webhook-signature", "v1," + Base64.getEncoder().encodeToString(signature));
    return request;
  }
}
