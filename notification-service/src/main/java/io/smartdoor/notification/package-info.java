/**
 * The Notification Service: tells recipients what happens at the doors.
 *
 * <p>An event comes off the service's own queue ({@code delivery}), is put into words, by the
 * service's own directory of what to call people ({@code people}), and brought to every recipient
 * ({@code recipient}) over every channel; the first is the {@code inbox}.
 */
@NullMarked
package io.smartdoor.notification;

import org.jspecify.annotations.NullMarked;
