@NullMarked
package io.smartdoor.proof;

import org.jspecify.annotations.NullMarked;
