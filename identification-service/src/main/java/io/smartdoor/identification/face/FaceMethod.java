package io.smartdoor.identification.face;

/**
 * How faces are compared.
 *
 * @param version changes whenever templates made before can no longer be compared with those made
 *     after; at most 40 characters
 * @param description for people, with the word "demonstration" where it is one
 */
public record FaceMethod(String version, String description) {

  public FaceMethod {
    if (version.isBlank() || version.length() > 40) {
      throw new IllegalArgumentException(
          "expected a version of 1 to 40 characters, found \"%s\"".formatted(version));
    }
  }
}
