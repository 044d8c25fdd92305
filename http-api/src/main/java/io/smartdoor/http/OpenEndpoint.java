package io.smartdoor.http;

import org.springframework.http.HttpMethod;

/**
 * An endpoint that answers without the admin token, because it authenticates its callers by itself.
 * It may limit its bodies more than others are: a length that is too large is for it to refuse. A
 * service declares it as a bean.
 *
 * @param pattern of the path, in Spring's syntax: {@code /v1/doors/{id}/events}
 */
public record OpenEndpoint(HttpMethod method, String pattern) {}
