/**
 * What the services of SmartDoor tell each other: immutable facts, small, naming people and
 * pictures by reference.
 *
 * <p>The types here are the Java side of the JSON Schemas beside them; {@link
 * io.smartdoor.events.EventCodec} goes between the two.
 */
@NullMarked
package io.smartdoor.events;

import org.jspecify.annotations.NullMarked;
