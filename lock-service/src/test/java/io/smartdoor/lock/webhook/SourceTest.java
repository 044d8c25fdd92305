package io.smartdoor.lock.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceTest {

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1, true",
    "192.0.2.1, 192.0.2.2, false",
    "2001:db8:0:1::1, 2001:db8:0:1:ffff:ffff:ffff:ffff, true",
    "2001:db8:0:1::1, 2001:0DB8:0000:0001::2, true",
    "2001:db8:0:1::1, 2001:db8:0:2::1, false",
    "not an address, not an address, true",
    "not an address, another, false"
  })
  void isAnAddressOrItsNetwork(String one, String other, boolean isSame) {
    assertThat(Source.of(one).equals(Source.of(other))).isEqualTo(isSame);
  }
}
