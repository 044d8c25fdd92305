@NullMarked
package io.smartdoor.permissions;

import org.jspecify.annotations.NullMarked;
