@NullMarked
package io.smartdoor.identification.workflow;

import org.jspecify.annotations.NullMarked;
