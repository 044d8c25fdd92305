package io.smartdoor.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import org.junit.jupiter.api.Test;

class PremisesTest {

  private static final String ALL =
      """
      {"lock": "http://127.0.0.1:1", "notification": "http://127.0.0.1:2", "identification": "http://127.0.0.1:3"}\
      """;

  @Test
  void saysWhereEverythingIs() {
    var premises = Premises.read(written("http://127.0.0.1:4566", ALL));

    assertThat(premises.addressOf("notification")).isEqualTo(URI.create("http://127.0.0.1:2"));
    assertThat(premises.aws().output("lock", "OutboxTable")).isEqualTo("outbox");
    assertThat(premises.aws().accessKeyId()).isEqualTo("000000000000");
    assertThat(premises.adminToken()).isEqualTo("a-token-of-ours");
  }

  @Test
  void refusesAnAwsElsewhere() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Premises.read(written("https://sqs.eu-central-1.amazonaws.com", ALL)))
        .withMessageContaining("loopback");
  }

  @Test
  void refusesLessThanAllServices() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Premises.read(written("http://127.0.0.1:4566", "{}")))
        .withMessageContaining("notification");
  }

  private static String written(String endpoint, String addresses) {
    return """
    {"endpoint": "%s", "account": "000000000000", "region": "eu-central-1",
     "outputs": {"lock": {"OutboxTable": "outbox"}}, "addresses": %s, "token": "a-token-of-ours"}\
    """
        .formatted(endpoint, addresses);
  }
}
