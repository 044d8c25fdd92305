@NullMarked
package io.smartdoor.notification.recipient;

import org.jspecify.annotations.NullMarked;
