package io.smartdoor.events;

/**
 * Why something came out as it did: a short code such as {@code store-unknown}, never a stack trace
 * or a name.
 */
public record ReasonCode(String value) {

  public ReasonCode {
    Identifiers.check("a reason code", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
