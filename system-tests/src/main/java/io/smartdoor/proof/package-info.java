/**
 * Shows that nothing is lost and nothing is done twice: services are killed and stopped at every
 * call that they make, and a checker compares what doors were answered with what became of it.
 */
@NullMarked
package io.smartdoor.proof;

import org.jspecify.annotations.NullMarked;
