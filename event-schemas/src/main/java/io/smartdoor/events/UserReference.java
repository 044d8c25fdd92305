package io.smartdoor.events;

import java.util.regex.Pattern;

/**
 * A person by reference, never by name: the {@code id} under which {@code store} knows them. The
 * store {@value #RESIDENTS} holds this system's own residents; any other is a lock's or vendor's
 * credential store ("keypad").
 *
 * @param id 1 to 128 letters, digits and {@code . _ : @ -}
 * @param store 1 to 64 lower-case letters, digits and hyphens
 */
public record UserReference(String id, String store) {

  /** The store of the residents that the identification service keeps. */
  public static final String RESIDENTS = "residents";

  /** The form of a user's id, as a regular expression. */
  public static final String ID_FORM = "[A-Za-z0-9._:@-]{1,128}";

  private static final Pattern ID_PATTERN = Pattern.compile(ID_FORM);

  public UserReference {
    if (!isValidId(id)) {
      throw new IllegalArgumentException(
          "expected a user id of the form %s, found \"%s\"".formatted(ID_FORM, id));
    }
    Identifiers.check("a store", store);
  }

  /** Whether {@code text} can be the id of a user or credential. */
  public static boolean isValidId(String text) {
    return ID_PATTERN.matcher(text).matches();
  }

  /** Whether {@code text} can be the name of a store. */
  public static boolean isValidStore(String text) {
    return Identifiers.isValid(text);
  }
}
