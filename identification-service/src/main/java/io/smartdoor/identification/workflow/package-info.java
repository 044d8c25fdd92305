/**
 * From an opened door to an execution of the identification workflow, and from an execution that
 * died to the event that says so.
 */
@NullMarked
package io.smartdoor.identification.workflow;

import org.jspecify.annotations.NullMarked;
