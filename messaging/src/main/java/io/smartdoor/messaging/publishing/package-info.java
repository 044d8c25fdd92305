/** Putting events on the bus, with each entry's own outcome. */
@NullMarked
package io.smartdoor.messaging.publishing;

import org.jspecify.annotations.NullMarked;
