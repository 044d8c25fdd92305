@NullMarked
package io.smartdoor.lock.snapshot;

import org.jspecify.annotations.NullMarked;
