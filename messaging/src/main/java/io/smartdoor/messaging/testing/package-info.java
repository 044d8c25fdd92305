/** Stand-ins for tests of whoever publishes or handles events. */
@NullMarked
package io.smartdoor.messaging.testing;

import org.jspecify.annotations.NullMarked;
