/** Handling each event of a queue once per subscriber: claim, handle, complete, acknowledge. */
@NullMarked
package io.smartdoor.messaging.consuming;

import org.jspecify.annotations.NullMarked;
