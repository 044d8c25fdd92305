/** People whom nobody knows, until somebody says who they are. */
@NullMarked
package io.smartdoor.identification.stranger;

import org.jspecify.annotations.NullMarked;
