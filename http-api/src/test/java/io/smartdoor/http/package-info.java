@NullMarked
package io.smartdoor.http;

import org.jspecify.annotations.NullMarked;
