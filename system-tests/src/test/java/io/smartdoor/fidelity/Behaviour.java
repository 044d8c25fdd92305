package io.smartdoor.fidelity;

import java.util.Optional;

/**
 * Something that AWS does by its own documentation, and that SmartDoor relies on.
 *
 * @param name what happens, in a few words
 * @param documented what AWS's documentation says of it, in one sentence
 * @param source the page that says so
 * @param reliance what of SmartDoor rests on it
 * @param probe finds out what the AWS at hand does; empty where no emulator could show it
 */
record Behaviour(
    String name, String documented, String source, String reliance, Optional<Probe> probe) {

  /** Looks at one AWS. */
  @FunctionalInterface
  interface Probe {

    /** {@link #AS_DOCUMENTED}, or in a few words what was seen in its place. */
    String observe(Lab lab) throws Exception;
  }

  /** What a probe says where there is no difference. */
  static final String AS_DOCUMENTED = "yes";

  static Behaviour of(String name, String documented, String source, String reliance, Probe probe) {
    return new Behaviour(name, documented, source, reliance, Optional.of(probe));
  }

  static Behaviour byDocumentationOnly(
      String name, String documented, String source, String reliance) {
    return new Behaviour(name, documented, source, reliance, Optional.empty());
  }

  static String expect(boolean asDocumented, String otherwise) {
    return asDocumented ? AS_DOCUMENTED : otherwise;
  }
}
