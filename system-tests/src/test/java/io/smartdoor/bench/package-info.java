@NullMarked
package io.smartdoor.bench;

import org.jspecify.annotations.NullMarked;
