@NullMarked
package io.smartdoor.lock.webhook;

import org.jspecify.annotations.NullMarked;
