package io.smartdoor.lock.outbox;

/**
 * How much one instance's sweeps ask for.
 *
 * @param calls how many batches are under way side by side, at most
 * @param perSecond how many events are published in a second, at most
 */
record SweepPolicy(int calls, int perSecond) {}
