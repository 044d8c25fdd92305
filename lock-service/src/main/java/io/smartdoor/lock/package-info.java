/** The Lock Service: takes what doors say and puts it on the event bus. */
@NullMarked
package io.smartdoor.lock;

import org.jspecify.annotations.NullMarked;
