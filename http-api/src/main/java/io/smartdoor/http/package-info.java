/**
 * What the services' HTTP APIs have in common: the admin token, problem details (RFC 9457), OpenAPI
 * in kebab-case.
 */
@NullMarked
package io.smartdoor.http;

import org.jspecify.annotations.NullMarked;
