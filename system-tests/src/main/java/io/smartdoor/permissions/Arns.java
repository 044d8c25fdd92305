package io.smartdoor.permissions;

/**
 * Names of resources in one account and region, as IAM has them.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html">ARNs</a>
 */
record Arns(String region, String account) {

  String table(String name) {
    return arn("dynamodb", "table/" + afterLast(name, '/'));
  }

  String index(String table, String name) {
    return table(table) + "/index/" + name;
  }

  /** By the queue's name, or by its URL, which ends with the name. */
  String queue(String nameOrUrl) {
    return arn("sqs", afterLast(nameOrUrl, '/'));
  }

  /** By bucket and key: no account and no region, since the names of buckets are everybody's. */
  String object(String bucketAndKey) {
    return "arn:aws:s3:::" + bucketAndKey;
  }

  String bus(String name) {
    return arn("events", "event-bus/" + afterLast(name, '/'));
  }

  /**
   * By the secret's name, or by its ARN; without the hyphen and the six characters that Secrets
   * Manager appends to the name, and which a caller need not know.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html">What's
   *     in a secret</a>
   */
  String secret(String nameOrArn) {
    return withoutSuffix(
        nameOrArn.startsWith("arn:") ? nameOrArn : arn("secretsmanager", "secret:" + nameOrArn));
  }

  /** An ARN as {@link #secret} has it, whatever it is of. */
  static String withoutSuffix(String arn) {
    return arn.contains(":secretsmanager:") ? arn.replaceFirst("-[A-Za-z0-9]{6}$", "") : arn;
  }

  private String arn(String service, String resource) {
    return "arn:aws:%s:%s:%s:%s".formatted(service, region, account, resource);
  }

  private static String afterLast(String text, char separator) {
    return text.substring(text.lastIndexOf(separator) + 1);
  }
}
