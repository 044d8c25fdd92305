package io.smartdoor.lock.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.events.DoorId;
import io.smartdoor.lock.door.CountingDoorKey;
import io.smartdoor.lock.door.Door;
import io.smartdoor.lock.door.DoorKey;
import io.smartdoor.lock.door.DoorName;
import io.smartdoor.lock.door.InMemoryDoors;
import io.smartdoor.lock.door.KeyedDoor;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebhookVerifierTest {

  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
  private static final byte[] BODY = "{\"state\": \"open\"}".getBytes(UTF_8);
  private static final Door DOOR = new Door(new DoorId("front-door"), new DoorName("Front door"));

  private final SecureRandom random = new SecureRandom();
  private final DoorKey key = DoorKey.generate(random);
  private final DoorKey decoy = DoorKey.generate(random);
  private final InMemoryDoors doors = new InMemoryDoors();
  private final WebhookVerifier verifier = new WebhookVerifier(doors, decoy);

  @BeforeEach
  void register() {
    doors.add(DOOR, key);
  }

  @Test
  void knowsWhatADoorSigned() {
    assertThat(verifier.check("front-door", signedBy(key, NOW), BODY, NOW))
        .isEqualTo(new SignatureCheck.Valid(DOOR));
  }

  @Test
  void knowsNoKeyButTheDoorsOwn() {
    var other = new Door(new DoorId("back-door"), new DoorName("Back door"));
    doors.add(other, DoorKey.generate(random));

    assertThat(verifier.check("back-door", signedBy(key, NOW), BODY, NOW))
        .isEqualTo(new SignatureCheck.NoMatch());
  }

  @Test
  void aDoorThatDoesNotExistOrNoLongerExistsIsAsOneThatSignedSomethingElse() {
    doors.remove(DOOR.id());

    for (var id : List.of("front-door", "nowhere", "NOT AN ID", "")) {
      assertThat(verifier.check(id, signedBy(key, NOW), BODY, NOW))
          .isEqualTo(new SignatureCheck.NoMatch());
    }
  }

  @Test
  void theDecoyOpensNoDoorThatDoesNotExist() {
    assertThat(verifier.check("nowhere", signedBy(decoy, NOW), BODY, NOW))
        .isEqualTo(new SignatureCheck.NoMatch());
  }

  /** How long it takes is no test; what it does is. */
  @Test
  void aDoorThatDoesNotExistIsLookedUpAndComputedForAsOftenAsOneThatSignedSomethingElse() {
    var lookUps = new ArrayList<DoorId>();
    var counted =
        new InMemoryDoors() {
          @Override
          public Optional<KeyedDoor> findWithKey(DoorId id) {
            lookUps.add(id);
            return super.findWithKey(id);
          }
        };
    var ofTheDoor = new CountingDoorKey(random);
    var ofNobody = new CountingDoorKey(random);
    counted.add(DOOR, ofTheDoor);
    var counting = new WebhookVerifier(counted, ofNobody);

    counting.check("front-door", signedBy(key, NOW), BODY, NOW);
    assertThat(lookUps).hasSize(1);
    assertThat(ofTheDoor.signatures()).isEqualTo(1);
    assertThat(ofNobody.signatures()).isZero();

    counting.check("nowhere", signedBy(key, NOW), BODY, NOW);
    assertThat(lookUps).hasSize(2);
    assertThat(ofTheDoor.signatures()).isEqualTo(1);
    assertThat(ofNobody.signatures()).isEqualTo(1);
  }

  @Test
  void saysOfTheTimeAloneThatItIsOut() {
    var then = NOW.minusSeconds(301);

    for (var id : List.of("front-door", "nowhere")) {
      assertThat(verifier.check(id, signedBy(key, then), BODY, NOW))
          .isEqualTo(new SignatureCheck.OutOfTime());
    }
  }

  private static WebhookHeaders signedBy(DoorKey key, Instant at) {
    var timestamp = String.valueOf(at.getEpochSecond());
    var signature = key.sign("msg_1.%s.".formatted(timestamp).getBytes(UTF_8), BODY);
    return new WebhookHeaders(
        new WebhookId("msg_1"),
        timestamp,
        List.of("v1," + Base64.getEncoder().encodeToString(signature)));
  }
}
