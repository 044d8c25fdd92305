/** Finding out who opened a door. */
@NullMarked
package io.smartdoor.identification;

import org.jspecify.annotations.NullMarked;
