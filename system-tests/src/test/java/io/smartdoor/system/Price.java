package io.smartdoor.system;

/**
 * What AWS asks in us-east-1, free tiers and discounts left out. None was taken from AWS's price
 * list itself, and most are second-hand: each says where it was read, and of when that is.
 */
enum Price {
  VCPU("Fargate, ARM: vCPU", 0.03238, "hour", Source.VANTAGE_FARGATE),
  MEMORY("Fargate, ARM: GB", 0.00356, "hour", Source.VANTAGE_FARGATE),
  LOAD_BALANCER("Application Load Balancer", 0.0225, "hour", Source.ALB),
  CAPACITY_UNIT("its capacity unit (LCU)", 0.008, "hour", Source.NONE),
  NAT("NAT gateway", 0.045, "hour", Source.NAT),
  NAT_DATA("data through it", 0.045, "GB", Source.NAT),
  ADDRESS("public IPv4 address", 0.005, "hour", Source.NAT),
  WRITE("DynamoDB: write request unit", 0.625, "million", Source.DYNAMODB),
  READ("DynamoDB: read request unit", 0.125, "million", Source.DYNAMODB),
  STORAGE("DynamoDB: storage", 0.25, "GB-month", Source.DYNAMODB_STORAGE),
  RECOVERY("DynamoDB: point-in-time recovery", 0.20, "GB-month", Source.NONE),
  QUEUE_REQUEST("SQS: request to a standard queue", 0.40, "million", Source.SQS),
  EVENT("EventBridge: custom event", 1.00, "million", Source.EVENTBRIDGE),
  ARCHIVE("EventBridge: archive", 0.10, "GB", Source.EVENTBRIDGE),
  TRANSITION("Step Functions: transition", 25.00, "million", Source.STEP_FUNCTIONS),
  LOG("CloudWatch: log", 0.50, "GB", Source.CLOUDWATCH),
  METRIC("CloudWatch: metric", 0.30, "month", Source.CLOUDWATCH_METRICS),
  ALARM("CloudWatch: alarm on one metric", 0.10, "month", Source.NONE),
  KEY("KMS: key", 1.00, "month", Source.KMS),
  SECRET("Secrets Manager: secret", 0.40, "month", Source.SECRETS);

  /** Where a price stands, and the date that the page has, if any. */
  enum Source {
    VANTAGE_FARGATE(
        "vantage.sh",
        "https://www.vantage.sh/blog/fargate-pricing",
        "first published 2021-04-22, since then undated"),
    ALB("calculator.city", "https://cal53.calculator.city/aws-alb-cost-calculator/", "undated"),
    NAT("cloudburn.io", "https://cloudburn.io/blog/aws-nat-gateway-pricing", "2026-02-24"),
    DYNAMODB(
        "airbyte.com",
        "https://airbyte.com/data-engineering-resources/dynamodb-pricing",
        "2025-07-21"),
    DYNAMODB_STORAGE("AWS (an older copy)", "https://aws.amazon.com/dynamodb/pricing/", "undated"),
    SQS("cloudburn.io", "https://cloudburn.io/blog/amazon-sqs-pricing", "2026-03-14"),
    EVENTBRIDGE(
        "factualminds.com",
        "https://www.factualminds.com/blog/amazon-eventbridge-pricing-events-pipes-schema-archive/",
        "2026-06"),
    STEP_FUNCTIONS("AWS (a copy)", "https://aws.amazon.com/step-functions/pricing/", "undated"),
    CLOUDWATCH(
        "factualminds.com",
        "https://www.factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards/",
        "2026-06-13"),
    CLOUDWATCH_METRICS("signoz.io", "https://signoz.io/guides/cloudwatch-pricing", "2026-02-15"),
    KMS("cloudburn.io", "https://cloudburn.io/blog/aws-kms-pricing", "2026-03-14"),
    SECRETS(
        "hivebook.wiki",
        "https://hivebook.wiki/wiki/aws-secrets-manager-rotated-secrets-dynamic-db-credentials-kms",
        "undated"),
    /** Known, but no page was found that says so. */
    NONE("**no page found**", "", "undated");

    private final String name;
    private final String address;
    private final String date;

    Source(String name, String address, String date) {
      this.name = name;
      this.address = address;
      this.date = date;
    }

    String link() {
      return address.isEmpty() ? name : "[%s](%s)".formatted(name, address);
    }

    String date() {
      return date;
    }
  }

  private static final double MILLION = 1e6;

  private final String what;
  private final double dollars;
  private final String unit;
  private final Source source;

  Price(String what, double dollars, String unit, Source source) {
    this.what = what;
    this.dollars = dollars;
    this.unit = unit;
    this.source = source;
  }

  /** Dollars for so many; for what is sold by the million, of single ones. */
  double of(double amount) {
    return dollars * amount / (unit.equals("million") ? MILLION : 1);
  }

  String what() {
    return what;
  }

  double dollars() {
    return dollars;
  }

  String unit() {
    return unit;
  }

  Source source() {
    return source;
  }
}
