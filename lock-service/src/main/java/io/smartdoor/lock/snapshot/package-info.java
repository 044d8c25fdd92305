/** Pictures that doors take: verified, looked into, stored once, and named by events. */
@NullMarked
package io.smartdoor.lock.snapshot;

import org.jspecify.annotations.NullMarked;
