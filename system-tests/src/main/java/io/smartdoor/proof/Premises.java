package io.smartdoor.proof;

import io.smartdoor.infra.testing.LocalAws;
import java.net.URI;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * A SmartDoor that somebody else has started on this machine, and will stop.
 *
 * @param addresses of the services, by their short names
 */
record Premises(LocalAws aws, Map<String, URI> addresses, String adminToken) {

  /** As the launcher writes it down; it is not said by arguments, which all users can see. */
  private record Written(
      URI endpoint,
      String account,
      String region,
      Map<String, Map<String, String>> outputs,
      Map<String, URI> addresses,
      String token) {}

  /**
   * Reads one JSON object.
   *
   * @throws IllegalArgumentException if its AWS is not on this machine, or a service is missing
   */
  static Premises read(String json) {
    var written = JsonMapper.shared().readValue(json, Written.class);
    if (!written.addresses().keySet().containsAll(Fleet.SERVICES)) {
      throw new IllegalArgumentException(
          "expected addresses of %s, found %s".formatted(Fleet.SERVICES, written.addresses()));
    }
    return new Premises(
        LocalAws.deployedAt(
            written.endpoint(), written.account(), written.region(), written.outputs()),
        Map.copyOf(written.addresses()),
        written.token());
  }

  URI addressOf(String service) {
    var address = addresses.get(service);
    if (address == null) {
      throw new IllegalArgumentException(
          "expected one of %s, found %s".formatted(addresses.keySet(), service));
    }
    return address;
  }
}
