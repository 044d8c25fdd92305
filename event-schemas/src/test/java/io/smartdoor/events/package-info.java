@NullMarked
package io.smartdoor.events;

import org.jspecify.annotations.NullMarked;
