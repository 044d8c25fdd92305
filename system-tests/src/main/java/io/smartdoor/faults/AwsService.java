package io.smartdoor.faults;

import java.util.Arrays;
import java.util.Optional;

/** The AWS services that the proxy can tell apart. */
public enum AwsService {
  DYNAMODB("DynamoDB", "dynamodb", "DynamoDB_20120810"),
  SQS("SQS", "sqs", "AmazonSQS"),
  EVENTBRIDGE("EventBridge", "events", "AWSEvents"),
  STEP_FUNCTIONS("Step Functions", "states", "AWSStepFunctions"),
  SECRETS_MANAGER("Secrets Manager", "secretsmanager", "secretsmanager"),
  SSM("SSM", "ssm", "AmazonSSM"),
  REKOGNITION("Rekognition", "rekognition", "RekognitionService"),
  S3("S3", "s3", ""),
  STS("STS", "sts", ""),
  CLOUDFORMATION("CloudFormation", "cloudformation", ""),
  /** Another AWS service, or no AWS at all: such a call is named by method and path. */
  OTHER("other", "", "");

  private final String label;
  private final String signingName;
  private final String targetPrefix;

  AwsService(String label, String signingName, String targetPrefix) {
    this.label = label;
    this.signingName = signingName;
    this.targetPrefix = targetPrefix;
  }

  /** The service by what stands before the dot in {@code X-Amz-Target}. */
  static Optional<AwsService> ofTarget(String prefix) {
    return prefix.isEmpty()
        ? Optional.empty()
        : Arrays.stream(values()).filter(it -> it.targetPrefix.equals(prefix)).findFirst();
  }

  /** The service by the name in a signature's scope. */
  static Optional<AwsService> ofSigningName(String name) {
    return name.isEmpty()
        ? Optional.empty()
        : Arrays.stream(values()).filter(it -> it.signingName.equals(name)).findFirst();
  }

  @Override
  public String toString() {
    return label;
  }
}
