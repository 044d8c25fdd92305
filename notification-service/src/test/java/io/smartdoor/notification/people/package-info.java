@NullMarked
package io.smartdoor.notification.people;

import org.jspecify.annotations.NullMarked;
