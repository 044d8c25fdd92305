@NullMarked
package io.smartdoor.system;

import org.jspecify.annotations.NullMarked;
