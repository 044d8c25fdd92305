/** Doors, their names, and the keys they sign with. */
@NullMarked
package io.smartdoor.lock.door;

import org.jspecify.annotations.NullMarked;
