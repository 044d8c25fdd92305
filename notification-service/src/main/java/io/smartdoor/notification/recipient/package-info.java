/** Who hears of the doors, and what they want to hear. */
@NullMarked
package io.smartdoor.notification.recipient;

import org.jspecify.annotations.NullMarked;
