package io.smartdoor.proof;

import io.smartdoor.faults.Caller;
import java.time.Duration;
import java.util.Optional;

/**
 * An instance in whose place there is another one.
 *
 * @param stop how long it took to end; empty where it did not, and was killed
 * @param underLoad whether doors were reporting all the time
 */
record Replaced(Caller caller, Optional<Duration> stop, boolean underLoad) {}
