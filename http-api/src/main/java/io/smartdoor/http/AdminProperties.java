package io.smartdoor.http;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Who may administer the service.
 *
 * @param token secret of 16 characters or more that every request but health, the API documents and
 *     the signed webhook has to carry
 */
@ConfigurationProperties("smartdoor.admin")
record AdminProperties(String token) {

  AdminProperties {
    var _ = new AdminToken(token);
  }

  @Override
  public String toString() {
    return "AdminProperties[token=…]";
  }
}
