@NullMarked
package io.smartdoor.notification.inbox;

import org.jspecify.annotations.NullMarked;
