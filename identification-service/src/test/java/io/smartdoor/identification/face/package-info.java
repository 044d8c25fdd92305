@NullMarked
package io.smartdoor.identification.face;

import org.jspecify.annotations.NullMarked;
