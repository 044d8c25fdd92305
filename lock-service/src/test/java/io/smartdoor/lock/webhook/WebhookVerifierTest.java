package io.smartdoor.lock.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.events.DoorId;
import io.smartdoor.lock.TestTicker;
import io.smartdoor.lock.door.CountingDoorKey;
import io.smartdoor.lock.door.Door;
import io.smartdoor.lock.door.DoorKey;
import io.smartdoor.lock.door.DoorName;
import io.smartdoor.lock.door.InMemoryDoors;
import io.smartdoor.lock.door.KeyedDoor;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookVerifierTest {

  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
  private static final byte[] BODY = "{\"state\": \"open\"}".getBytes(UTF_8);
  private static final Door DOOR = new Door(new DoorId("front-door"), new DoorName("Front door"));

  /** At whose expense everything may be looked up. */
  private static final Unproven FREE = new CountedExpense(Integer.MAX_VALUE);

  private final SecureRandom random = new SecureRandom();
  private final DoorKey key = DoorKey.generate(random);
  private final DoorKey decoy = DoorKey.generate(random);
  private final InMemoryDoors doors = new InMemoryDoors();
  private final TestTicker time = new TestTicker();
  private final WebhookVerifier verifier = new WebhookVerifier(doors, decoy);

  @BeforeEach
  void register() {
    doors.add(DOOR, key);
  }

  @Test
  void knowsWhatADoorSigned() {
    assertThat(verifier.check("front-door", signedBy(key, NOW), BODY, NOW, FREE))
        .isEqualTo(new SignatureCheck.Valid(DOOR));
  }

  @Test
  void knowsNoKeyButTheDoorsOwn() {
    var other = new Door(new DoorId("back-door"), new DoorName("Back door"));
    doors.add(other, DoorKey.generate(random));

    assertThat(verifier.check("back-door", signedBy(key, NOW), BODY, NOW, FREE))
        .isEqualTo(new SignatureCheck.NoMatch());
  }

  @Test
  void aDoorThatDoesNotExistOrNoLongerExistsIsAsOneThatSignedSomethingElse() {
    doors.remove(DOOR.id());

    for (var id : List.of("front-door", "nowhere", "NOT AN ID", "")) {
      assertThat(verifier.check(id, signedBy(key, NOW), BODY, NOW, FREE))
          .isEqualTo(new SignatureCheck.NoMatch());
    }
  }

  @Test
  void theDecoyOpensNoDoorThatDoesNotExist() {
    assertThat(verifier.check("nowhere", signedBy(decoy, NOW), BODY, NOW, FREE))
        .isEqualTo(new SignatureCheck.NoMatch());
  }

  /** How long it takes is no test; what it does is. */
  @ParameterizedTest
  @CsvSource({"false", "true"})
  void whoeverCannotSignLearnsNothingFromWhatIsLookedUpAndComputed(boolean isRemembered) {
    var lookUps = new ArrayList<DoorId>();
    var table =
        new InMemoryDoors() {
          @Override
          public Optional<KeyedDoor> findWithKey(DoorId id) {
            lookUps.add(id);
            return super.findWithKey(id);
          }
        };
    var ofTheDoor = new CountingDoorKey(random);
    var ofNobody = new CountingDoorKey(random);
    table.add(DOOR, ofTheDoor);
    var counting = new WebhookVerifier(table.asRememberedBy(Duration.ofSeconds(5), time), ofNobody);
    if (isRemembered) {
      counting.check("front-door", signedBy(ofTheDoor, NOW), BODY, NOW, FREE);
      counting.check("front-door", signedBy(ofTheDoor, NOW), BODY, NOW, FREE);
    }
    var others = DoorKey.generate(random);
    var costs = new ArrayList<List<Integer>>();
    for (var id : List.of("front-door", "nowhere")) {
      for (var i = 0; i < 2; i++) {
        var before = ofTheDoor.signatures() + ofNobody.signatures();
        var expense = new CountedExpense(1);
        lookUps.clear();

        assertThat(counting.check(id, signedBy(others, NOW), BODY, NOW, expense))
            .isEqualTo(new SignatureCheck.NoMatch());

        costs.add(
            List.of(
                lookUps.size(),
                ofTheDoor.signatures() + ofNobody.signatures() - before,
                expense.taken()));
      }
    }
    assertThat(costs).containsOnly(List.of(1, 2, 1));
  }

  @Test
  void aDoorThatIsRememberedIsNotLookedUp() {
    var table = new CountingDoors();
    table.add(DOOR, key);
    var remembering = new WebhookVerifier(table.asRememberedBy(Duration.ofSeconds(5), time), decoy);
    var expense = new CountedExpense(1);
    for (var i = 0; i < 2; i++) {
      assertThat(remembering.check("front-door", signedBy(key, NOW), BODY, NOW, expense))
          .isEqualTo(new SignatureCheck.Valid(DOOR));
    }
    var lookUps = table.lookUps();

    for (var i = 0; i < 100; i++) {
      assertThat(remembering.check("front-door", signedBy(key, NOW), BODY, NOW, expense))
          .isEqualTo(new SignatureCheck.Valid(DOOR));
    }

    assertThat(table.lookUps()).isEqualTo(lookUps);
    assertThat(expense.taken()).as("given back").isZero();
  }

  @Test
  void whatProvesNothingIsNotLookedUpWhenItsSourceHasNothingLeft() {
    var table = new CountingDoors();
    table.add(DOOR, key);
    var remembering = new WebhookVerifier(table.asRememberedBy(Duration.ofSeconds(5), time), decoy);
    remembering.check("front-door", signedBy(key, NOW), BODY, NOW, FREE);
    remembering.check("front-door", signedBy(key, NOW), BODY, NOW, FREE);
    var before = table.lookUps();
    var nothing = new CountedExpense(0);
    var other = DoorKey.generate(random);

    for (var id : List.of("front-door", "nowhere", "NOT AN ID")) {
      assertThat(remembering.check(id, signedBy(other, NOW), BODY, NOW, nothing))
          .isEqualTo(new SignatureCheck.TooMany(CountedExpense.WAIT));
    }
    assertThat(
            remembering.check(
                "front-door", signedBy(key, NOW.minusSeconds(301)), BODY, NOW, nothing))
        .isEqualTo(new SignatureCheck.TooMany(CountedExpense.WAIT));
    assertThat(table.lookUps()).isEqualTo(before);
  }

  /** Its key proves it however long it was silent, and whatever others did from its address. */
  @Test
  void aDoorThatIsRememberedIsHeardWhoeverHasUsedUpItsSource() {
    var remembering = new WebhookVerifier(doors.asRememberedBy(Duration.ofSeconds(5), time), decoy);
    remembering.check("front-door", signedBy(key, NOW), BODY, NOW, FREE);
    time.advance(Duration.ofDays(30));

    assertThat(
            remembering.check("front-door", signedBy(key, NOW), BODY, NOW, new CountedExpense(0)))
        .isEqualTo(new SignatureCheck.Valid(DOOR));
  }

  @Test
  void aRemovedDoorsKeyOpensNothingAndIsForgotten() {
    var remembering = new WebhookVerifier(doors.asRememberedBy(Duration.ofSeconds(5), time), decoy);
    remembering.check("front-door", signedBy(key, NOW), BODY, NOW, FREE);
    remembering.check("front-door", signedBy(key, NOW), BODY, NOW, FREE);
    doors.remove(DOOR.id());
    time.advance(Duration.ofSeconds(5));

    assertThat(
            remembering.check("front-door", signedBy(key, NOW), BODY, NOW, new CountedExpense(0)))
        .isEqualTo(new SignatureCheck.NoMatch());
    assertThat(
            remembering.check("front-door", signedBy(key, NOW), BODY, NOW, new CountedExpense(0)))
        .as("as whoever never had a key")
        .isEqualTo(new SignatureCheck.TooMany(CountedExpense.WAIT));
  }

  @Test
  void saysOfTheTimeAloneThatItIsOut() {
    var then = NOW.minusSeconds(301);

    for (var id : List.of("front-door", "nowhere")) {
      assertThat(verifier.check(id, signedBy(key, then), BODY, NOW, FREE))
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

  private static final class CountingDoors extends InMemoryDoors {

    private int lookUps;

    @Override
    public Optional<KeyedDoor> findWithKey(DoorId id) {
      lookUps++;
      return super.findWithKey(id);
    }

    @Override
    public long removals() {
      lookUps++;
      return super.removals();
    }

    int lookUps() {
      return lookUps;
    }
  }

  /** So many may be taken. */
  private static final class CountedExpense implements Unproven {

    static final Duration WAIT = Duration.ofSeconds(7);

    private final int most;
    private int taken;

    CountedExpense(int most) {
      this.most = most;
    }

    @Override
    public Duration take() {
      if (taken == most) {
        return WAIT;
      }
      taken++;
      return Duration.ZERO;
    }

    @Override
    public void giveBack() {
      taken--;
    }

    int taken() {
      return taken;
    }
  }
}
