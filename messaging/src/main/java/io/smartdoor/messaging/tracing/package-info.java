/** One trace through the bus, from a webhook to whoever is told of it (docs/decisions/0019). */
@NullMarked
package io.smartdoor.messaging.tracing;

import org.jspecify.annotations.NullMarked;
