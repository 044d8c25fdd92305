@NullMarked
package io.smartdoor.lock.outbox;

import org.jspecify.annotations.NullMarked;
