/** What was accepted: kept in one write, published at least once, listed by door. */
@NullMarked
package io.smartdoor.lock.outbox;

import org.jspecify.annotations.NullMarked;
