/**
 * Measures SmartDoor against raw code that makes the same AWS calls, in one run on one emulator,
 * and draws what it has found.
 */
@NullMarked
package io.smartdoor.bench;

import org.jspecify.annotations.NullMarked;
