package io.smartdoor.notification.delivery;

/**
 * What a recipient reads.
 *
 * @param title one line that says it all: "Front door opened"
 * @param body one or two sentences more
 */
public record Notification(Level level, String title, String body) {}
