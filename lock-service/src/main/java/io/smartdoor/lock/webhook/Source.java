package io.smartdoor.lock.webhook;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Where requests come from, as far as an address tells: one of IPv4, or a network of 64 bits of
 * IPv6, of which whoever has one address has all.
 */
public record Source(String address) {

  private static final int NETWORK_BYTES = 8;

  /**
   * Where a request from that address comes from.
   *
   * @param address as the server names it: never a name that would have to be looked up
   */
  public static Source of(String address) {
    try {
      return InetAddress.ofLiteral(address) instanceof Inet6Address it
          ? new Source(
              HexFormat.of().formatHex(Arrays.copyOf(it.getAddress(), NETWORK_BYTES)) + "/64")
          : new Source(address);
    } catch (IllegalArgumentException _) {
      return new Source(address);
    }
  }
}
