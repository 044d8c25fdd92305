/** Where the emulators behave as AWS's documentation says, and where they do not. */
@NullMarked
package io.smartdoor.fidelity;

import org.jspecify.annotations.NullMarked;
