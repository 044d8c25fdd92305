package io.smartdoor.fidelity;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test of this module that can only pass where AWS does what it documents.
 *
 * <p>It is skipped on an emulator of which {@code docs/fidelity.md} says otherwise, with what the
 * emulator does as the reason; the document lists these tests. An emulator that learns it makes
 * {@code FidelityTest} fail until the document says so, and from then on the test runs there.
 */
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(SkippedWhereItDiffers.class)
public @interface ReliesOn {

  /** The behaviour's name in the document. */
  String value();
}
