@NullMarked
package io.smartdoor.identification.resident;

import org.jspecify.annotations.NullMarked;
