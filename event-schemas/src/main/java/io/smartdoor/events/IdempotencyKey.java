package io.smartdoor.events;

import com.fasterxml.uuid.Generators;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What makes two deliveries the same event: a UUID, chosen by the client for a door's event and
 * derived for a follow-up.
 *
 * <p>Written in lower case; read in either.
 */
public record IdempotencyKey(UUID value) {

  private static final Pattern UUID_FORM =
      Pattern.compile("[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}");

  /**
   * Whether {@code text} is the full 36-character form of a UUID, which {@link UUID#fromString}
   * alone does not demand.
   */
  public static boolean isValid(String text) {
    return UUID_FORM.matcher(text).matches();
  }

  /**
   * The key that is written {@code text}.
   *
   * @throws IllegalArgumentException where {@code text} is not the 36-character form of a UUID
   */
  public static IdempotencyKey of(String text) {
    if (!isValid(text)) {
      throw new IllegalArgumentException("expected a UUID, found \"%s\"".formatted(text));
    }
    return new IdempotencyKey(UUID.fromString(text));
  }

  /**
   * The key of the event of this kind that this key's event causes: a UUIDv5 (RFC 9562, 5.5) of
   * this key as namespace and the detail-type as name, so that a repeated step publishes under the
   * same key.
   */
  public IdempotencyKey followUp(DetailType detailType) {
    return derive(detailType.text());
  }

  /** A UUIDv5 with this key as namespace: the same name gives the same key, always. */
  public IdempotencyKey derive(String name) {
    return new IdempotencyKey(Generators.nameBasedGenerator(value).generate(name));
  }

  @Override
  public String toString() {
    return value.toString().toLowerCase(Locale.ROOT);
  }
}
