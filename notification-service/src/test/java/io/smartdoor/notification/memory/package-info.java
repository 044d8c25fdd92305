@NullMarked
package io.smartdoor.notification.memory;

import org.jspecify.annotations.NullMarked;
