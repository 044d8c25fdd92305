package io.smartdoor.http;

import java.net.URI;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.PropertyResolver;

/** What is said in one line of where AWS is, where a service cannot start for it. */
final class AwsAtStart {

  private static final String REGION = "AWS_REGION";
  private static final String ENDPOINT = "AWS_ENDPOINT_URL";

  private static final String CLIENT_EXCEPTION =
      "software.amazon.awssdk.core.exception.SdkClientException";

  /** https://docs.aws.amazon.com/general/latest/gr/rande.html, {@code us-gov-west-1}, too. */
  private static final Pattern A_REGION = Pattern.compile("[a-z]{2,}(-[a-z]+)+-[0-9]+");

  /** What the HTTP client says before the reason: where to is said already. */
  private static final Pattern CONNECTING = Pattern.compile("^Connect to .* failed: ");

  private final PropertyResolver settings;

  AwsAtStart(PropertyResolver settings) {
    this.settings = settings;
  }

  /**
   * Looks at what is given, and asks nobody.
   *
   * @throws UnusableSettingException where it can be no region, or no address
   */
  void check() {
    // Without either the SDK looks elsewhere: at a profile, or at the machine that it runs on.
    var region = settings.getProperty(REGION);
    if (region != null && settings.getProperty("spring.cloud.aws.region.static") == null) {
      demand(A_REGION.matcher(region).matches(), REGION, "a region such as eu-central-1", region);
    }
    var endpoint = settings.getProperty(ENDPOINT, "");
    demand(
        endpoint.isBlank() || isAddress(endpoint),
        ENDPOINT,
        "an address such as http://127.0.0.1:4566",
        endpoint);
  }

  /** What is said of a call that nobody answered; none where that is not what happened. */
  Optional<String> lineFor(Throwable failure) {
    if (!isOfTheClient(failure)) {
      return Optional.empty();
    }
    var message = String.valueOf(failure.getMessage());
    if (message.startsWith("Unable to load region")) {
      return Optional.of(REGION + ": expected a region such as eu-central-1, found none");
    }
    if (message.startsWith("Unable to load credentials")) {
      return Optional.of(
          "AWS_ACCESS_KEY_ID: expected credentials, or a role that has some, found none");
    }
    var endpoint = firstOf("spring.cloud.aws.endpoint", "aws.endpointUrl", ENDPOINT);
    var where = endpoint == null ? "AWS to answer" : "an AWS at " + endpoint;
    return Optional.of(ENDPOINT + ": expected %s, found %s".formatted(where, reason(failure)));
  }

  /** By name: a service that does not talk to AWS has no such class. */
  private static boolean isOfTheClient(Throwable failure) {
    return Stream.<Class<?>>iterate(failure.getClass(), Objects::nonNull, Class::getSuperclass)
        .anyMatch(it -> it.getName().equals(CLIENT_EXCEPTION));
  }

  private @Nullable String firstOf(String... names) {
    for (var name : names) {
      var value = settings.getProperty(name, "");
      if (!value.isBlank()) {
        return value;
      }
    }
    return null;
  }

  private static String reason(Throwable failure) {
    var cause = NestedExceptionUtils.getMostSpecificCause(failure);
    if (cause instanceof UnknownHostException) {
      return "no host of that name";
    }
    var line = String.valueOf(cause.getMessage()).lines().findFirst().orElse("no reason given");
    return CONNECTING.matcher(line).replaceFirst("");
  }

  private static void demand(boolean holds, String name, String expected, String given) {
    if (!holds) {
      throw new UnusableSettingException(
          "%s: expected %s, found %s"
              .formatted(name, expected, given.isBlank() ? "none" : "\"%s\"".formatted(given)));
    }
  }

  private static boolean isAddress(String text) {
    try {
      var address = URI.create(text);
      return ("http".equals(address.getScheme()) || "https".equals(address.getScheme()))
          && address.getHost() != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
