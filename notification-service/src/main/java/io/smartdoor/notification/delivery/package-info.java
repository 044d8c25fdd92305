/** From an event to what each recipient is told of it, over every channel. */
@NullMarked
package io.smartdoor.notification.delivery;

import org.jspecify.annotations.NullMarked;
