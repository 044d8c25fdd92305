@NullMarked
package io.smartdoor.lock;

import org.jspecify.annotations.NullMarked;
