/**
 * Who may handle an event, and whether it was handled: one record per subscriber, kind of event and
 * key.
 */
@NullMarked
package io.smartdoor.messaging.idempotency;

import org.jspecify.annotations.NullMarked;
