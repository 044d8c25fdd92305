@NullMarked
package io.smartdoor.identification;

import org.jspecify.annotations.NullMarked;
