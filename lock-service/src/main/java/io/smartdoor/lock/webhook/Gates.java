package io.smartdoor.lock.webhook;

import io.micrometer.core.instrument.MeterRegistry;

/**
 * Opens a {@link Gate} for each kind of request that doors sign. All of them know the same doors,
 * and an address that proves nothing at one of them has used up what it may at all.
 */
public final class Gates {

  private final WebhookVerifier verifier;
  private final Sources sources;
  private final MeterRegistry meters;

  Gates(WebhookVerifier verifier, Sources sources, MeterRegistry meters) {
    this.verifier = verifier;
    this.sources = sources;
    this.meters = meters;
  }

  /** A gate for pictures, which counts them by themselves. */
  public Gate forSnapshots() {
    return new Gate("snapshot", verifier, sources, WebhookMetrics.ofSnapshots(meters));
  }
}
