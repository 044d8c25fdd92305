@NullMarked
package io.smartdoor.faults;

import org.jspecify.annotations.NullMarked;
