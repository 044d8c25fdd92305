@NullMarked
package io.smartdoor.notification;

import org.jspecify.annotations.NullMarked;
