package io.smartdoor.identification.face;

import java.util.Arrays;

/**
 * What is kept of an enrolled face: bytes that mean something to the method that made them alone.
 * Biometric data: keep it encrypted, and forget it with the person. Immutable.
 */
public final class FaceTemplate {

  private final String method;
  private final byte[] bytes;

  /**
   * @param method {@linkplain FaceMethod#version version of the method} that made the bytes
   */
  public FaceTemplate(String method, byte[] bytes) {
    if (method.isBlank() || bytes.length == 0) {
      throw new IllegalArgumentException("expected a method and at least one byte");
    }
    this.method = method;
    this.bytes = bytes.clone();
  }

  public String method() {
    return method;
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FaceTemplate it
        && method.equals(it.method)
        && Arrays.equals(bytes, it.bytes);
  }

  @Override
  public int hashCode() {
    return 31 * method.hashCode() + Arrays.hashCode(bytes);
  }

  /** Without the bytes: logs are no place for faces. */
  @Override
  public String toString() {
    return "FaceTemplate[%s, %d bytes]".formatted(method, bytes.length);
  }
}
