/** What a door sends: verified, understood, accepted once. */
@NullMarked
package io.smartdoor.lock.webhook;

import org.jspecify.annotations.NullMarked;
