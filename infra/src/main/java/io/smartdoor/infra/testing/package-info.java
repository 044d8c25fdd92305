/** An AWS for tests: an emulator, and the project's own stacks deployed in it. */
@NullMarked
package io.smartdoor.infra.testing;

import org.jspecify.annotations.NullMarked;
