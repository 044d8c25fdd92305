/**
 * The first channel: an inbox per recipient, one entry per chain of events, followed by sequence
 * number.
 */
@NullMarked
package io.smartdoor.notification.inbox;

import org.jspecify.annotations.NullMarked;
