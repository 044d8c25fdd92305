package io.smartdoor.messaging.consuming;

import java.time.Instant;

/**
 * What a dead letter says about itself.
 *
 * @param reason a short code
 * @param explanation one line for the operator, without the event's content
 */
record DeadLetter(String subscriber, String reason, String explanation, Instant rejectedAt) {}
