/**
 * A proxy between services and AWS that knows which AWS operation each request is, and disturbs the
 * ones that a test names: {@link io.smartdoor.faults.FaultProxy}.
 */
@NullMarked
package io.smartdoor.faults;

import org.jspecify.annotations.NullMarked;
