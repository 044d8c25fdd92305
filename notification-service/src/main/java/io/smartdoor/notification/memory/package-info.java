/** What need not be read anew for every event. */
@NullMarked
package io.smartdoor.notification.memory;

import org.jspecify.annotations.NullMarked;
