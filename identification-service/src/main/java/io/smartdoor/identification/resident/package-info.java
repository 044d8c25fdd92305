/**
 * Who lives here, and by which credentials of which locks they are known.
 *
 * <p>The identification workflow reads the table by itself, so the form of its items is a contract
 * between {@link io.smartdoor.identification.resident.DynamoDbResidents} and the state machine.
 */
@NullMarked
package io.smartdoor.identification.resident;

import org.jspecify.annotations.NullMarked;
