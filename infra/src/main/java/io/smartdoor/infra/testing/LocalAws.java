package io.smartdoor.infra.testing;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The AWS that a test talks to, with the stacks it needs deployed from the same templates as
 * everywhere.
 *
 * <pre>{@code
 * static final LocalAws AWS = LocalAws.withStacks("lock");
 * }</pre>
 *
 * <p>AWS is what {@code AWS_ENDPOINT_URL} names (refused unless it is this machine), else one
 * emulator per JVM, which ends with the JVM: MiniStack, or LocalStack in a container where {@code
 * SMARTDOOR_AWS} is {@code localstack}. Tests of one JVM share one account, which nobody used
 * before, so several runs can share an emulator; they also share what is in it, and so choose names
 * and keys of their own. {@link #inItsOwnAccount} is for the test that cannot share.
 *
 * <p>Safe for use by several threads. Immutable, but for what tests do to the AWS behind it.
 */
public final class LocalAws {

  /** Deploying takes seconds; the very first time, tools are installed too. */
  private static final Duration DEPLOYMENT_LIMIT = Duration.ofMinutes(10);

  private static final String SECRET_ACCESS_KEY = "local";

  /** Outputs that are for the launcher and for other stacks, and set nothing in a service. */
  private static final Set<String> NO_SETTINGS = Set.of("Arn", "RuleDeadLetterQueue");

  private static final SecureRandom RANDOM = new SecureRandom();

  private static @Nullable LocalAws shared;

  private final URI endpoint;
  private final String account;
  private final String region;
  private final Map<String, Map<String, String>> outputs;

  private LocalAws(
      URI endpoint, String account, String region, Map<String, Map<String, String>> outputs) {
    this.endpoint = endpoint;
    this.account = account;
    this.region = region;
    this.outputs = outputs;
  }

  /**
   * Gives the account that the tests of this JVM share, with these stacks ({@code "lock"}, say) and
   * the bus in it. Each stack is deployed once per JVM, with its default parameters.
   */
  public static synchronized LocalAws withStacks(String... stacks) {
    shared = (shared == null ? nowhere() : shared).deploy(stacks, Map.of());
    return shared;
  }

  /**
   * Gives an account that nobody else uses, with these stacks and the bus in it, deployed with
   * these parameters. Costs a deployment (some seconds) per call.
   *
   * @param parameters {@code VisibilityTimeout} to {@code 2}, say; given to each stack that has it
   */
  public static LocalAws inItsOwnAccount(Map<String, String> parameters, String... stacks) {
    return nowhere().deploy(stacks, parameters);
  }

  /**
   * An AWS on this machine in which somebody else has deployed the stacks: the launcher, say.
   *
   * @param outputs what each stack says about itself
   * @throws IllegalArgumentException if the endpoint is not this machine
   */
  public static LocalAws deployedAt(
      URI endpoint, String account, String region, Map<String, Map<String, String>> outputs) {
    return new LocalAws(
        Emulator.onThisMachine(endpoint.toString()), account, region, Map.copyOf(outputs));
  }

  /** Whether the tests are to run on LocalStack: {@code SMARTDOOR_AWS} is {@code localstack}. */
  public static boolean isOnLocalStack() {
    return LocalStack.isWanted();
  }

  public URI endpoint() {
    return endpoint;
  }

  public String region() {
    return region;
  }

  /** Twelve digits. An emulator takes an access key of twelve digits for the account itself. */
  public String account() {
    return account;
  }

  public String accessKeyId() {
    return account;
  }

  public String secretAccessKey() {
    return SECRET_ACCESS_KEY;
  }

  /**
   * What a stack says about itself, the physical name of a table, say.
   *
   * @throws IllegalArgumentException if the stack is not deployed here or has no such output
   */
  public String output(String stack, String key) {
    var ofStack = outputs.getOrDefault(stack, Map.of());
    var value = ofStack.get(key);
    if (value == null) {
      throw new IllegalArgumentException(
          "expected an output %s of stack %s, found %s in stacks %s"
              .formatted(key, stack, ofStack.keySet(), outputs.keySet()));
    }
    return value;
  }

  /** The environment in which a service's own process finds this AWS and its resources. */
  public Map<String, String> asEnvironment() {
    var environment = new LinkedHashMap<String, String>();
    environment.put("AWS_ENDPOINT_URL", endpoint.toString());
    environment.put("AWS_REGION", region);
    environment.put("AWS_ACCESS_KEY_ID", accessKeyId());
    environment.put("AWS_SECRET_ACCESS_KEY", secretAccessKey());
    settings().forEach(it -> environment.put(it.asVariable(), it.value()));
    return environment;
  }

  /**
   * The same as properties: the system properties that the AWS SDK reads ({@code aws.…}), Spring
   * Cloud AWS's own for contexts that see no system properties ({@code spring.cloud.aws.…}), and
   * the services' ({@code smartdoor.…}).
   */
  public Map<String, String> asProperties() {
    var properties = new LinkedHashMap<String, String>();
    properties.put("aws.endpointUrl", endpoint.toString());
    properties.put("aws.region", region);
    properties.put("aws.accessKeyId", accessKeyId());
    properties.put("aws.secretAccessKey", secretAccessKey());
    properties.put("spring.cloud.aws.endpoint", endpoint.toString());
    properties.put("spring.cloud.aws.region.static", region);
    properties.put("spring.cloud.aws.credentials.access-key", accessKeyId());
    properties.put("spring.cloud.aws.credentials.secret-key", secretAccessKey());
    settings().forEach(it -> properties.put(it.asProperty(), it.value()));
    return properties;
  }

  @Override
  public String toString() {
    return "AWS at %s, account %s, stacks %s".formatted(endpoint, account, outputs.keySet());
  }

  static String inKebabCase(String outputKey) {
    return outputKey.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }

  /** An account of the emulator in which nothing is deployed. */
  private static LocalAws nowhere() {
    var region = System.getenv().getOrDefault("AWS_REGION", "eu-central-1");
    // The first digit is no zero: 000000000000 is where `smartdoor up` lives.
    var account = Long.toString(RANDOM.nextLong(100_000_000_000L, 1_000_000_000_000L));
    return new LocalAws(Emulator.endpoint(), account, region, Map.of());
  }

  /** This account with the stacks that it lacks. */
  private LocalAws deploy(String[] stacks, Map<String, String> parameters) {
    var missing = new ArrayList<>(List.of(stacks));
    missing.removeAll(outputs.keySet());
    missing.remove("bus");
    if (!outputs.containsKey("bus")) {
      missing.addFirst("bus");
    }
    if (missing.isEmpty()) {
      return this;
    }
    var command = new ArrayList<>(List.of("stacks", "deploy"));
    command.addAll(List.of("--endpoint", endpoint.toString(), "--account", account));
    parameters.forEach((key, value) -> command.addAll(List.of("--param", key + "=" + value)));
    command.addAll(missing);
    var said = Launcher.run(command, Map.of("AWS_REGION", region), DEPLOYMENT_LIMIT);
    var all = new TreeMap<>(outputs);
    all.putAll(JsonMapper.shared().readValue(said, new TypeReference<OutputsByStack>() {}));
    return new LocalAws(endpoint, account, region, all);
  }

  private List<Output> settings() {
    return outputs.entrySet().stream()
        .flatMap(stack ->
            stack.getValue().entrySet().stream()
                .filter(it -> !NO_SETTINGS.contains(it.getKey()))
                .map(it -> new Output(stack.getKey(), it.getKey(), it.getValue())))
        .toList();
  }

  private record Output(String stack, String key, String value) {
    String asVariable() {
      return "SMARTDOOR_%s_%s"
          .formatted(stack.toUpperCase(Locale.ROOT), key.toUpperCase(Locale.ROOT));
    }

    String asProperty() {
      return "smartdoor.%s.%s".formatted(stack, inKebabCase(key));
    }
  }

  private static final class OutputsByStack extends TreeMap<String, Map<String, String>> {}
}
