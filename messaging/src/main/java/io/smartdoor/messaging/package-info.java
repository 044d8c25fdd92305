/**
 * The way between services: publishing to the bus, and handling each event once per subscriber. On
 * the class path of a Spring Boot application it configures itself.
 */
@NullMarked
package io.smartdoor.messaging;

import org.jspecify.annotations.NullMarked;
