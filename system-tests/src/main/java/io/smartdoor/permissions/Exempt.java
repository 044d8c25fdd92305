package io.smartdoor.permissions;

/**
 * A grant that is broader than the calls of a run, for a reason.
 *
 * @param resource how the resource's ARN ends
 */
public record Exempt(String service, String action, String resource, String reason) {

  boolean isAbout(String other, Grant grant) {
    return service.equals(other)
        && grant.action().equals(action)
        && grant.resource().endsWith(resource);
  }
}
