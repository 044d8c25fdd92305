package io.smartdoor.lock.webhook;

import java.time.Duration;

/** The places that requests come from, and what each may cost before it proves anything. */
final class Sources {

  private final Allowances<Source> allowances;

  Sources(Allowances<Source> allowances) {
    this.allowances = allowances;
  }

  /** At whose expense a request from that address is looked into. */
  Unproven at(String address) {
    var source = Source.of(address);
    return new Unproven() {
      @Override
      public Duration take() {
        return allowances.take(source);
      }

      @Override
      public void giveBack() {
        allowances.giveBack(source);
      }
    };
  }
}
