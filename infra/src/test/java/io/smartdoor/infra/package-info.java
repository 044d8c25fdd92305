/** Checks of what is deployed: the templates, and the identification workflow on an emulator. */
@NullMarked
package io.smartdoor.infra;

import org.jspecify.annotations.NullMarked;
