@NullMarked
package io.smartdoor.notification.delivery;

import org.jspecify.annotations.NullMarked;
