/**
 * Holds what services do against what their roles allow, both ways: every call that went through
 * the proxy has to be allowed, and whatever is allowed has to be needed by a call.
 */
@NullMarked
package io.smartdoor.permissions;

import org.jspecify.annotations.NullMarked;
