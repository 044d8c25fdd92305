package io.smartdoor.lock.outbox;

import java.time.Duration;

/**
 * How much one instance's sweeps ask for.
 *
 * @param surveyPeriod at least so long from one count of the whole backlog to the next
 * @param calls how many batches are under way side by side, at most
 * @param perSecond how many events are published in a second, at most
 */
record SweepPolicy(Duration surveyPeriod, int calls, int perSecond) {}
