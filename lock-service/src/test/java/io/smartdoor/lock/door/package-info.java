@NullMarked
package io.smartdoor.lock.door;

import org.jspecify.annotations.NullMarked;
