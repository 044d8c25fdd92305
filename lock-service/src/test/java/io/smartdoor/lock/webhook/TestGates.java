package io.smartdoor.lock.webhook;

import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.smartdoor.lock.door.DoorKey;
import io.smartdoor.lock.door.Doors;
import java.util.Random;

/** Gates for tests of what stands behind them. */
public final class TestGates {

  private TestGates() {}

  /** A gate for pictures of those doors, at which nobody's address is used up soon. */
  public static Gate forSnapshots(Doors doors, MeterRegistry meters, Ticker ticker) {
    var verifier = new WebhookVerifier(doors, DoorKey.generate(new Random(2)));
    var sources = new Sources(new Allowances<>(new RateLimit(100, 100), ticker));
    return new Gates(verifier, sources, meters).forSnapshots();
  }
}
