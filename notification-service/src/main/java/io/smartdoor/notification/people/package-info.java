/**
 * What to call people on a phone. Events name people by reference only; the names are this
 * service's own.
 */
@NullMarked
package io.smartdoor.notification.people;

import org.jspecify.annotations.NullMarked;
