package io.smartdoor.infra;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.infra.Template.Resource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What every stack has to keep to, also those that do not exist yet. JUnit fails a parameterised
 * test without arguments, so no rule passes by matching nothing.
 */
class TemplatesTest {

  /** Executions of a state machine, and objects of a bucket under a prefix. */
  private static final Pattern OPEN_ENDS =
      Pattern.compile(
          "(?<=:execution:\\$\\{\\w{1,40}\\.Name}):\\*$|(?<=^\\$\\{\\w{1,40}Bucket\\.Arn}/[a-z]{1,40})/\\*$");

  /** What a service needs beside what it has in hand, on a busy processor. */
  private static final Duration TO_CLOSE = Duration.ofSeconds(10);

  /**
   * The one action here that IAM can restrict to no resource.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html">the
   *     actions of ECR</a>
   */
  private static final String WITHOUT_RESOURCE = "ecr:GetAuthorizationToken";

  static List<Template> templates() {
    return Repository.templates().stream().map(Template::at).toList();
  }

  static Stream<Resource> queues() {
    return resources("AWS::SQS::Queue");
  }

  static Stream<Resource> queuePolicies() {
    return resources("AWS::SQS::QueuePolicy");
  }

  static Stream<Resource> rules() {
    return resources("AWS::Events::Rule");
  }

  static Stream<Resource> tables() {
    return resources("AWS::DynamoDB::Table");
  }

  static Stream<Resource> alarms() {
    return resources("AWS::CloudWatch::Alarm");
  }

  static Stream<Resource> logGroups() {
    return resources("AWS::Logs::LogGroup");
  }

  static Stream<Resource> tasks() {
    return resources("AWS::ECS::TaskDefinition");
  }

  static Stream<Resource> tasksThatBelieveAProxy() {
    return tasks().filter(it -> environment(it).containsKey("SERVER_FORWARDHEADERSSTRATEGY"));
  }

  static Stream<Resource> services() {
    return resources("AWS::ECS::Service");
  }

  static Stream<Resource> targetGroups() {
    return resources("AWS::ElasticLoadBalancingV2::TargetGroup");
  }

  static Stream<Resource> listenerRules() {
    return resources("AWS::ElasticLoadBalancingV2::ListenerRule");
  }

  static Stream<Resource> permissions() {
    return Stream.concat(resources("AWS::IAM::ManagedPolicy"), resources("AWS::IAM::Role"));
  }

  @Test
  void areTheStacksOfALaptopAndThoseOfAwsAlone() {
    assertThat(templates())
        .extracting(Template::name)
        .contains("bus", "identification", "lock", "notification", "platform")
        .contains("identification-service", "lock-service", "notification-service");
  }

  @ParameterizedTest
  @MethodSource("templates")
  void nameEverythingByTheirPrefix(Template template) {
    assertThat(template.tree().at("/Parameters/Prefix/Default").asString()).isEqualTo("smartdoor");
    var names =
        template.tree().path("Resources").properties().stream()
            .flatMap(it -> it.getValue().path("Properties").properties().stream())
            .filter(it -> it.getKey().matches("(|.+)Name") && !it.getKey().equals("EventBusName"))
            .filter(it -> !it.getKey().equals("MetricName"))
            .filter(it -> !isOwn(template, it.getValue().path("Ref").asString("")))
            .map(it -> it.getValue().toString())
            .toList();
    assertThat(names).isNotEmpty().allMatch(it -> it.contains("Prefix"));
  }

  @ParameterizedTest
  @MethodSource("queues")
  void giveEachQueueADeadLetterQueueUnlessItIsOne(Resource queue) {
    if (queue.id().endsWith("DeadLetterQueue")) {
      // Else the messages of any queue of the account could end here.
      assertThat(queue.property("RedriveAllowPolicy").path("redrivePermission").asString())
          .isIn("byQueue", "denyAll");
    } else {
      var redrive = queue.property("RedrivePolicy");
      assertThat(isDeadLetterQueue(queue.template(), redrive.path("deadLetterTargetArn"))).isTrue();
      assertThat(redrive.path("maxReceiveCount").path("Ref").asString())
          .isEqualTo("MaxReceiveCount");
    }
    assertThat(queue.property("SqsManagedSseEnabled").asBoolean()).isTrue();
    assertThat(queue.property("MessageRetentionPeriod").asInt()).isEqualTo(14 * 24 * 60 * 60);
  }

  /**
   * A connection that a service closes may just be used by the load balancer, which then answers
   * 502.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html">HTTP
   *     502</a>
   */
  @Test
  void letTheLoadBalancerCloseIdleConnectionsFirst() {
    assertThat(resources("AWS::ElasticLoadBalancingV2::LoadBalancer"))
        .singleElement()
        .satisfies(it ->
            assertThat(attribute(it, "LoadBalancerAttributes", "idle_timeout.timeout_seconds"))
                .isLessThan(Settings.duration("server.tomcat.keep-alive-timeout").toSeconds()));
  }

  /** Health and metrics (/actuator) are for whoever is in the network. */
  @ParameterizedTest
  @MethodSource("listenerRules")
  void letNobodyFromOutsideInButToTheApis(Resource rule) {
    var paths = new ArrayList<String>();
    for (var condition : rule.property("Conditions")) {
      condition.at("/PathPatternConfig/Values").forEach(it -> paths.add(it.asString()));
    }

    assertThat(paths).isNotEmpty().allMatch(it -> it.startsWith("/v1/"));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void giveEachTargetOfARuleRetriesAndADeadLetterQueue(Resource rule) {
    assertThat(rule.property("Targets")).isNotEmpty();
    for (var target : rule.property("Targets")) {
      assertThat(isDeadLetterQueue(rule.template(), target.path("DeadLetterConfig").path("Arn")))
          .isTrue();
      assertThat(target.path("RetryPolicy").path("MaximumEventAgeInSeconds").asInt()).isPositive();
      assertThat(target.path("RetryPolicy").path("MaximumRetryAttempts").asInt()).isPositive();
      // Events go on the queue as they are.
      assertThat(target.has("Input") || target.has("InputPath") || target.has("InputTransformer"))
          .isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("rules")
  void takeThePatternOfARuleFromAFileWithoutNumbers(Resource rule) {
    var location =
        rule.property("EventPattern").at("/Fn::Transform/Parameters/Location").asString();
    var pattern = rule.template().file().resolveSibling(location);

    assertThat(pattern).isRegularFile();
    assertThat(Repository.read(pattern)).doesNotContainPattern("[0-9]");
  }

  /** Each queue's own: what spoils the one policy must not close the way out by the other, too. */
  @ParameterizedTest
  @MethodSource("queuePolicies")
  void letOnlyTheirOwnRulesWriteToOneQueueEach(Resource policy) {
    assertThat(policy.property("Queues")).hasSize(1);
    var queue = policy.property("Queues").path(0).path("Ref").asString();
    var writing =
        policy
            .template()
            .resources("AWS::Events::Rule")
            .filter(it -> queuesOf(it).contains(queue))
            .map(Resource::id)
            .toList();
    var statements = policy.property("PolicyDocument").path("Statement");

    assertThat(statements).hasSize(1);
    var statement = statements.path(0);
    assertThat(statement.propertyNames())
        .containsExactlyInAnyOrder("Sid", "Effect", "Principal", "Action", "Resource", "Condition");
    assertThat(statement.path("Effect").asString()).isEqualTo("Allow");
    assertThat(statement.path("Principal").toString())
        .isEqualTo("{\"Service\":\"events.amazonaws.com\"}");
    assertThat(statement.path("Action").asString()).isEqualTo("sqs:SendMessage");
    assertThat(arnsIn(statement.path("Resource"))).containsExactly(queue);
    assertThat(statement.path("Condition").propertyNames()).containsExactly("ArnEquals");
    assertThat(arnsIn(statement.at("/Condition/ArnEquals").path("aws:SourceArn")))
        .containsExactlyInAnyOrderElementsOf(writing)
        .isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void letARuleWriteToItsQueueAndToItsDeadLetterQueue(Resource rule) {
    assertThat(rule.template().resources("AWS::SQS::QueuePolicy"))
        .extracting(it -> it.property("Queues").path(0).path("Ref").asString())
        .containsExactlyInAnyOrderElementsOf(queuesOf(rule))
        .hasSize(2);
  }

  /**
   * What EventBridge can put on neither queue, it drops. Metrics of a rule on the default bus have
   * its name as their only dimension.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html">Monitoring
   *     Amazon EventBridge</a>
   */
  @ParameterizedTest
  @MethodSource("rules")
  void raiseAnAlarmWhenARuleDropsAnEvent(Resource rule) {
    var dimensions = new HashMap<String, JsonNode>();
    dimensions.put("RuleName", rule.property("Name"));
    if (!rule.property("EventBusName").isMissingNode()) {
      dimensions.put("EventBusName", rule.property("EventBusName"));
    }

    assertThat(rule.template().resources("AWS::CloudWatch::Alarm"))
        .filteredOn(
            it -> it.property("MetricName").asString("").equals("InvocationsFailedToBeSentToDlq"))
        .filteredOn(it -> dimensions(it).equals(dimensions))
        .singleElement()
        .satisfies(it -> {
          assertThat(it.property("Namespace").asString()).isEqualTo("AWS/Events");
          assertThat(it.property("Statistic").asString()).isEqualTo("Sum");
          assertThat(it.property("Threshold").asInt(-1)).isZero();
        });
  }

  @ParameterizedTest
  @MethodSource("tables")
  void keepTablesEncryptedAndRecoverable(Resource table) {
    assertThat(table.property("BillingMode").asString()).isEqualTo("PAY_PER_REQUEST");
    assertThat(table.property("SSESpecification").path("SSEEnabled").asBoolean()).isTrue();
    assertThat(
            table
                .property("PointInTimeRecoverySpecification")
                .path("PointInTimeRecoveryEnabled")
                .asBoolean())
        .isTrue();
    assertThat(table.tree().has("DeletionPolicy")).isTrue();
    assertThat(table.tree().has("UpdateReplacePolicy")).isTrue();
  }

  @ParameterizedTest
  @MethodSource("tables")
  void letExpireWhatIsNotKeptForGood(Resource table) {
    var forGood = Set.of("DoorsTable", "RecipientsTable", "PeopleTable", "ResidentsTable");
    var attribute = table.property("TimeToLiveSpecification").path("AttributeName").asString("");

    assertThat(attribute).isEqualTo(forGood.contains(table.id()) ? "" : "expires-at");
  }

  @ParameterizedTest
  @MethodSource("alarms")
  void sendEveryAlarmToTheTopic(Resource alarm) {
    assertThat(alarm.property("AlarmActions").toString()).contains("{\"Ref\":\"AlarmTopic\"}");
    assertThat(alarm.property("AlarmDescription").asString("")).isNotBlank();
    assertThat(alarm.property("TreatMissingData").asString("")).isIn("breaching", "notBreaching");
  }

  @ParameterizedTest
  @MethodSource("queues")
  void raiseAnAlarmForEveryQueue(Resource queue) {
    var metric =
        queue.id().endsWith("DeadLetterQueue")
            ? "ApproximateNumberOfMessagesVisible"
            : "ApproximateAgeOfOldestMessage";

    assertThat(queue.template().resources("AWS::CloudWatch::Alarm"))
        .filteredOn(it -> it.property("MetricName").asString("").equals(metric))
        .filteredOn(it -> it.property("Dimensions").toString().contains("\"" + queue.id() + "\""))
        .singleElement()
        .satisfies(it -> assertThat(it.property("Statistic").asString()).isEqualTo("Maximum"));
  }

  @ParameterizedTest
  @MethodSource("logGroups")
  void keepEncryptedLogsForAWhile(Resource group) {
    assertThat(group.property("RetentionInDays").path("Ref").asString(""))
        .isEqualTo("LogRetentionDays");
    assertThat(group.property("KmsKeyId").path("Ref").asString("")).isEqualTo("KeyArn");
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void runServicesWithAsLittleAsTheyNeed(Resource task) {
    assertThat(task.property("RuntimePlatform").path("CpuArchitecture").asString())
        .isEqualTo("ARM64");
    assertThat(task.property("ContainerDefinitions").values())
        .singleElement()
        .satisfies(it -> {
          assertThat(it.path("ReadonlyRootFilesystem").asBoolean()).isTrue();
          assertThat(it.path("User").asString()).matches("[1-9][0-9]*:[1-9][0-9]*");
          assertThat(it.at("/LinuxParameters/Capabilities/Drop").toString()).isEqualTo("[\"ALL\"]");
          assertThat(it.path("StopTimeout").asInt()).isBetween(30, 120);
          assertThat(it.path("Secrets").toString()).contains("SMARTDOOR_ADMIN_TOKEN");
          assertThat(it.path("Environment").toString()).doesNotContain("SMARTDOOR_ADMIN_TOKEN");
        });
  }

  /**
   * A task that leaves gets no new request, and is told to stop when this has passed: what it has
   * been asked by then is answered, for which its own shutdown leaves hardly any time.
   */
  @ParameterizedTest
  @MethodSource("targetGroups")
  void tellATaskToStopAfterItsLastAnswer(Resource group) {
    assertThat(attribute(group, "TargetGroupAttributes", "deregistration_delay.timeout_seconds"))
        .isGreaterThan(Settings.longestWebhook().toSeconds());
  }

  /**
   * A JVM whose heap is fixed makes nothing of more memory; what Fargate sells with a Cpu is more
   * than it needs anyway.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html">sizes
   *     of Fargate tasks</a>
   */
  @ParameterizedTest
  @MethodSource("tasks")
  void offerNoMemoryThatNoServiceUses(Resource task) {
    var least = Map.of("256", "512", "512", "1024", "1024", "2048");
    var parameters = task.template().tree().path("Parameters");
    var allowed = parameters.at("/Memory/AllowedValues").values();

    assertThat(allowed)
        .extracting(JsonNode::asString)
        .containsExactlyElementsOf(
            parameters.at("/Cpu/AllowedValues").values().stream()
                .map(it -> least.getOrDefault(it.asString(), "more than is used"))
                .toList());
    assertThat(parameters.at("/Memory/Default").asString())
        .isEqualTo(least.get(parameters.at("/Cpu/Default").asString()));
    // Beside the heap there are classes, code, threads and the AOT cache: docs/operations.md.
    assertThat(Integer.parseInt(allowed.iterator().next().asString()))
        .isGreaterThanOrEqualTo(Settings.heapMebibytes() + 120);
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void killATaskOnlyWhenItHadTheTimeToStop(Resource task) {
    assertThat(task.property("ContainerDefinitions").at("/0/StopTimeout").asInt())
        .isGreaterThan((int) Settings.longestStop().plus(TO_CLOSE).toSeconds());
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void runServicesAsTheRoleOfTheirOwnStack(Resource task) {
    var role =
        Template.named(task.template().name().replace("-service", ""))
            .resources("AWS::IAM::Role")
            .filter(it -> it.id().equals("ServiceRole"))
            .findFirst()
            .orElseThrow();

    assertThat(task.property("TaskRoleArn").path("Fn::Sub").asString())
        .isEqualTo(
            "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/"
                + role.property("RoleName").path("Fn::Sub").asString());
  }

  /**
   * Tomcat by itself would believe every private address, so also what a neighbour in the network
   * has the load balancer pass on.
   */
  @ParameterizedTest
  @MethodSource("tasksThatBelieveAProxy")
  void believeOnlyTheLoadBalancerAboutWhoSentARequest(Resource task) {
    var template = task.template();

    assertThat(environment(task).getOrDefault("SERVER_TOMCAT_REMOTEIP_INTERNALPROXIES", ""))
        .isEqualTo("{\"Fn::Join\":[\",\",{\"Ref\":\"PublicCidrs\"}]}");
    assertThat(template.tree().at("/Parameters/PublicCidrs").has("Type")).isTrue();
    assertThat(template.tree().at("/Parameters/PublicCidrs").has("Default")).isFalse();
    assertThat(template.resources("AWS::ECS::Service"))
        .singleElement()
        .satisfies(it ->
            assertThat(
                    it.property("NetworkConfiguration")
                        .at("/AwsvpcConfiguration/SecurityGroups")
                        .toString())
                .isEqualTo("[{\"Ref\":\"SecurityGroup\"}]"));
    assertThat(template.resources("AWS::EC2::SecurityGroup"))
        .singleElement()
        .satisfies(it -> assertThat(it.property("SecurityGroupIngress").isMissingNode()).isTrue());
    assertThat(template.resources("AWS::EC2::SecurityGroupIngress"))
        .filteredOn(it -> !it.tree().path("Condition").asString("").equals("HasMetrics"))
        .singleElement()
        .satisfies(it ->
            assertThat(it.tree().path("Properties").propertyNames())
                .contains("SourceSecurityGroupId")
                .doesNotContain("CidrIp", "CidrIpv6", "SourcePrefixListId"))
        .satisfies(it ->
            assertThat(it.property("SourceSecurityGroupId").path("Ref").asString(""))
                .isEqualTo("LoadBalancerSecurityGroup"));
  }

  /** Nobody but the load balancer, unless an operator says whose security group collects them. */
  @ParameterizedTest
  @MethodSource("tasks")
  void letInWhoCollectsMetricsIfSomebodyIsNamed(Resource task) {
    var template = task.template();
    var port =
        task.property("ContainerDefinitions").at("/0/PortMappings/0/ContainerPort").asInt(-1);

    assertThat(template.tree().at("/Parameters/MetricsSecurityGroup/Default").asString("sg-0"))
        .isEmpty();
    assertThat(template.tree().at("/Conditions/HasMetrics").toString())
        .isEqualTo("{\"Fn::Not\":[{\"Fn::Equals\":[{\"Ref\":\"MetricsSecurityGroup\"},\"\"]}]}");
    assertThat(template.resources("AWS::EC2::SecurityGroupIngress"))
        .filteredOn(it -> it.tree().path("Condition").asString("").equals("HasMetrics"))
        .singleElement()
        .satisfies(it -> {
          assertThat(it.property("GroupId").path("Ref").asString("")).isEqualTo("SecurityGroup");
          assertThat(it.property("SourceSecurityGroupId").path("Ref").asString(""))
              .isEqualTo("MetricsSecurityGroup");
          assertThat(it.property("FromPort").asInt()).isEqualTo(port);
          assertThat(it.property("ToPort").asInt()).isEqualTo(port);
        });
  }

  /**
   * A service is told all that its stack says of itself, under the name that the launcher uses; but
   * for the queue that is the launcher's alone, which no service has a setting for.
   */
  @ParameterizedTest
  @MethodSource("tasks")
  void tellServicesTheOutputsOfTheirStack(Resource task) {
    var stack = task.template().name().replace("-service", "");
    var begin = "SMARTDOOR_" + stack.toUpperCase(Locale.ROOT) + "_";
    var expected =
        Template.named(stack).tree().path("Outputs").propertyNames().stream()
            .filter(it -> !it.equals("RuleDeadLetterQueue"))
            .map(it -> begin + it.toUpperCase(Locale.ROOT) + "=" + it);

    assertThat(task.property("ContainerDefinitions").path(0).path("Environment").values())
        .filteredOn(it -> it.path("Name").asString("").startsWith(begin))
        .extracting(
            it -> it.path("Name").asString() + "=" + it.path("Value").path("Ref").asString())
        .containsExactlyInAnyOrderElementsOf(expected.toList());
  }

  /** Without an endpoint a service traces nothing; an empty one it would refuse to start with. */
  @ParameterizedTest
  @MethodSource("tasks")
  void sendTracesOnlyWhereACollectorIsNamed(Resource task) {
    var template = task.template().tree();
    var told =
        task.property("ContainerDefinitions").path(0).path("Environment").values().stream()
            .filter(it -> it.has("Fn::If"))
            .map(JsonNode::toString);

    assertThat(template.at("/Parameters/TracesEndpoint/Default").asString("none")).isEmpty();
    assertThat(template.at("/Conditions/HasTraces").toString())
        .isEqualTo("{\"Fn::Not\":[{\"Fn::Equals\":[{\"Ref\":\"TracesEndpoint\"},\"\"]}]}");
    assertThat(told)
        .containsExactly(
            "{\"Fn::If\":[\"HasTraces\",{\"Name\":\"SMARTDOOR_TRACING_ENDPOINT\",\"Value\":{\"Ref\":\"TracesEndpoint\"}},"
                + "{\"Ref\":\"AWS::NoValue\"}]}");
  }

  /** Tasks reach AWS, and the collector where there is one: nobody else. */
  @ParameterizedTest
  @MethodSource("tasks")
  void letTasksOutToTheCollectorOnlyWhereOneIsNamed(Resource task) {
    assertThat(
            task.template()
                .resources("AWS::EC2::SecurityGroupEgress")
                .filter(
                    it -> it.property("GroupId").path("Ref").asString("").equals("SecurityGroup")))
        .singleElement()
        .satisfies(
            it -> assertThat(it.tree().path("Condition").asString("")).isEqualTo("OpensTracesPort"))
        .satisfies(it ->
            assertThat(List.of(it.property("FromPort"), it.property("ToPort")))
                .allMatch(port -> port.path("Ref").asString("").equals("TracesPort")));
    assertThat(task.template().tree().at("/Conditions/OpensTracesPort").toString())
        .contains("{\"Condition\":\"HasTraces\"}");
  }

  @ParameterizedTest
  @MethodSource("services")
  void replaceTasksOneByOneAndGoBackWhenNewOnesFail(Resource service) {
    var deployment = service.property("DeploymentConfiguration");

    assertThat(deployment.path("MinimumHealthyPercent").asInt()).isEqualTo(100);
    assertThat(deployment.path("MaximumPercent").asInt()).isEqualTo(200);
    assertThat(deployment.at("/DeploymentCircuitBreaker/Enable").asBoolean()).isTrue();
    assertThat(deployment.at("/DeploymentCircuitBreaker/Rollback").asBoolean()).isTrue();
    // An update would set it again, whatever scaling has chosen meanwhile.
    assertThat(service.property("DesiredCount").isMissingNode()).isTrue();
  }

  /** ECS replaces the tasks that a load balancer finds ill: all of them, where AWS is. */
  @ParameterizedTest
  @MethodSource("targetGroups")
  void replaceNoTaskForWhatAilsAws(Resource targets) {
    assertThat(targets.property("HealthCheckPath").asString())
        .isEqualTo("/actuator/health/startup");
  }

  /**
   * ECS takes a new task for good when its load balancer or else its container's own check says so.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html">How
   *     the circuit breaker sees that a deployment failed</a>
   */
  @ParameterizedTest
  @MethodSource("services")
  void takeNoReleaseForGoodThatHasNeverHadWhatItNeedsOfAws(Resource service) {
    var check =
        service
            .template()
            .resources("AWS::ECS::TaskDefinition")
            .map(it -> it.property("ContainerDefinitions").path(0).path("HealthCheck"))
            .findFirst()
            .orElseThrow();
    var asked = check.path("Command").values().stream().map(JsonNode::asString).toList();

    if (service.property("LoadBalancers").isArray()) {
      assertThat(asked).endsWith("Health");
    } else {
      assertThat(asked).endsWith("Health", "startup");
    }
    // Until then a failure is none: longer than a start takes on half a processor.
    assertThat(check.path("StartPeriod").asInt()).isGreaterThanOrEqualTo(60);
    assertThat(check.path("Retries").asInt()).isGreaterThanOrEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource("services")
  void scaleConsumersOnTheirBacklogAndTheLockServiceOnItsLoad(Resource service) {
    var policies =
        service.template().resources("AWS::ApplicationAutoScaling::ScalingPolicy").toList();
    var configuration = "TargetTrackingScalingPolicyConfiguration";

    if (service.template().tree().path("Parameters").has("Queue")) {
      assertThat(policies)
          .singleElement()
          .satisfies(it ->
              assertThat(it.property(configuration).toString())
                  .contains("ApproximateNumberOfMessagesVisible", "RunningTaskCount")
                  .contains("backlog / tasks"));
    } else {
      assertThat(policies)
          .extracting(it ->
              it.property(configuration)
                  .at("/PredefinedMetricSpecification/PredefinedMetricType")
                  .asString())
          .containsExactlyInAnyOrder("ECSServiceAverageCPUUtilization", "ALBRequestCountPerTarget");
    }
  }

  @ParameterizedTest
  @MethodSource("permissions")
  void allowNamedActionsOnNamedResourcesOnly(Resource resource) {
    var documents = new ArrayList<JsonNode>();
    if (resource.tree().path("Type").asString().equals("AWS::IAM::Role")) {
      resource.property("Policies").forEach(it -> documents.add(it.path("PolicyDocument")));
      if (documents.isEmpty()) {
        // A service's role: all that it may do stands in the policy beside it, which is looked at
        // too.
        assertThat(resource.property("ManagedPolicyArns").values())
            .singleElement()
            .satisfies(it -> assertThat(it.path("Ref").asString("")).isEqualTo("ServicePolicy"));
        return;
      }
    } else {
      documents.add(resource.property("PolicyDocument"));
    }
    assertThat(documents).isNotEmpty();
    for (var document : documents) {
      for (var statement : document.path("Statement")) {
        assertThat(statement.propertyNames())
            .contains("Effect", "Action", "Resource")
            .isSubsetOf("Sid", "Effect", "Action", "Resource", "Condition");
        assertThat(oneOrMore(statement.path("Action")))
            .isNotEmpty()
            .allMatch(it -> it.asString("").matches("[a-z0-9]+:[A-Z][A-Za-z]+"));
        if (statement.path("Action").asString("").equals(WITHOUT_RESOURCE)) {
          assertThat(statement.path("Resource").asString("")).isEqualTo("*");
          continue;
        }
        assertThat(oneOrMore(statement.path("Resource")))
            .isNotEmpty()
            .allMatch(it -> isNamedResource(resource.template(), it), "names its resource");
      }
    }
  }

  static Stream<Arguments> resourcesThatAreNoneOfOurs() {
    return Stream.of(
            "\"*\"",
            "\"arn:aws:dynamodb:eu-central-1:123456789012:table/smartdoor-lock-doors\"",
            "{\"Fn::GetAtt\": [\"SomebodyElse\", \"Arn\"]}",
            "{\"Fn::Sub\": \"*\"}",
            "{\"Fn::Sub\": \"arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/*\"}",
            "{\"Fn::Sub\": \"arn:${AWS::Partition}:dynamodb:*:${AWS::AccountId}:table/${Prefix}-x\"}",
            "{\"Fn::Sub\": \"arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Prefix}*\"}",
            "{\"Fn::Sub\": \"${DoorsTable.Arn}*\"}",
            "{\"Fn::Sub\": \"${OutboxTable.Arn}/index/*\"}",
            "{\"Fn::Sub\": \"${SnapshotsBucket.Arn}/*\"}",
            "{\"Fn::Sub\": \"${SnapshotsBucket.Arn}/snap*\"}",
            "{\"Fn::Join\": [\"\", [\"arn:\", \"*\"]]}")
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("resourcesThatAreNoneOfOurs")
  void knowWhatNamesNoResource(String written) {
    var resource = JsonMapper.shared().readTree(written);

    assertThat(isNamedResource(Template.named("lock"), resource)).isFalse();
  }

  static Stream<Arguments> metricsOfTheWorkflow() {
    return Stream.of("ExecutionsFailed", "ExecutionsTimedOut").map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("metricsOfTheWorkflow")
  void raiseAnAlarmWhenTheWorkflowItselfFails(String metric) {
    assertThat(Template.named("identification").resources("AWS::CloudWatch::Alarm"))
        .filteredOn(it -> it.property("MetricName").asString().equals(metric))
        .singleElement()
        .satisfies(alarm -> {
          assertThat(alarm.property("Namespace").asString()).isEqualTo("AWS/States");
          assertThat(alarm.property("Dimensions").toString())
              .contains("\"StateMachineArn\"", "{\"Ref\":\"Workflow\"}");
          assertThat(alarm.property("Threshold").asInt(-1)).isZero();
          assertThat(alarm.property("AlarmActions").toString()).contains("AlarmTopic");
        });
  }

  @Test
  void letAMinuteWithoutALineEndNoAlarmOnWhatWaits() {
    assertThat(Template.named("lock-service").resources("AWS::CloudWatch::Alarm"))
        .filteredOn(it -> it.id().equals("OldPending"))
        .singleElement()
        .satisfies(alarm -> {
          assertThat(alarm.property("DatapointsToAlarm").asInt()).isEqualTo(2);
          assertThat(alarm.property("EvaluationPeriods").asInt()).isGreaterThan(3);
        });
  }

  @Test
  void keepTheBusWhenItsStackIsDeleted() {
    assertThat(Template.named("bus").resources("AWS::Events::EventBus"))
        .singleElement()
        .satisfies(bus -> {
          assertThat(bus.tree().path("DeletionPolicy").asString())
              .isEqualTo("RetainExceptOnCreate");
          assertThat(bus.tree().path("UpdateReplacePolicy").asString()).isEqualTo("Retain");
        });
  }

  /** What cameras saw is nobody's for long. */
  @Test
  void forgetDoorsPicturesAfterDays() {
    var lock = Template.named("lock");
    assertThat(lock.resources("AWS::S3::Bucket"))
        .singleElement()
        .satisfies(bucket -> {
          assertThat(bucket.property("LifecycleConfiguration").path("Rules").values())
              .filteredOn(it -> it.path("Prefix").asString("").equals("snapshots/"))
              .singleElement()
              .satisfies(rule -> {
                assertThat(rule.path("Status").asString()).isEqualTo("Enabled");
                assertThat(rule.at("/ExpirationInDays/Ref").asString())
                    .isEqualTo("SnapshotRetentionDays");
              });
          assertThat(bucket.property("VersioningConfiguration").isMissingNode()).isTrue();
        });
    assertThat(lock.tree().at("/Parameters/SnapshotRetentionDays/Default").asInt()).isEqualTo(7);
  }

  @Test
  void fillEveryGapOfTheWorkflow() {
    var machine =
        Template.named("identification")
            .resources("AWS::StepFunctions::StateMachine")
            .findFirst()
            .orElseThrow();
    var definition =
        machine
            .template()
            .file()
            .resolveSibling(machine.property("DefinitionS3Location").asString());
    var gaps = new TreeSet<String>();
    Pattern.compile("\\$\\{(\\w+)}")
        .matcher(Repository.read(definition))
        .results()
        .forEach(it -> gaps.add(it.group(1)));

    assertThat(definition.normalize()).isEqualTo(Repository.WORKFLOW);
    assertThat(machine.property("DefinitionSubstitutions").propertyNames())
        .containsExactlyInAnyOrderElementsOf(gaps);
  }

  @Test
  void subscribeWithEveryPatternThereIs() throws Exception {
    var used =
        rules()
            .map(it -> it.property("EventPattern").at("/Fn::Transform/Parameters/Location"))
            .map(it -> Path.of(it.asString()))
            .toList();
    var folder = Repository.STACKS.resolve(used.getFirst()).getParent();

    try (var files = Files.list(folder)) {
      assertThat(files.map(Path::getFileName))
          .containsExactlyInAnyOrderElementsOf(used.stream().map(Path::getFileName).toList());
    }
  }

  /** What a task is told, as it is written in the template. */
  private static Map<String, String> environment(Resource task) {
    return task.property("ContainerDefinitions").path(0).path("Environment").values().stream()
        .filter(it -> it.has("Name"))
        .collect(
            Collectors.toMap(it -> it.path("Name").asString(), it -> it.path("Value").toString()));
  }

  /** One of a load balancer's or target group's attributes, a number. */
  private static long attribute(Resource resource, String property, String key) {
    return resource.property(property).values().stream()
        .filter(it -> it.path("Key").asString("").equals(key))
        .mapToLong(it -> Long.parseLong(it.path("Value").asString()))
        .findFirst()
        .orElseThrow();
  }

  private static Stream<Resource> resources(String type) {
    return templates().stream().flatMap(it -> it.resources(type));
  }

  /** The ids of the queues that a rule writes to. */
  private static Set<String> queuesOf(Resource rule) {
    return rule.property("Targets").values().stream()
        .flatMap(it -> Stream.of(it.path("Arn"), it.path("DeadLetterConfig").path("Arn")))
        .map(it -> it.path("Fn::GetAtt").path(0).asString())
        .collect(Collectors.toSet());
  }

  private static Map<String, JsonNode> dimensions(Resource alarm) {
    return alarm.property("Dimensions").values().stream()
        .collect(Collectors.toMap(it -> it.path("Name").asString(), it -> it.path("Value")));
  }

  private static boolean isDeadLetterQueue(Template template, JsonNode arn) {
    var reference = arn.path("Fn::GetAtt");
    return reference.path(1).asString("").equals("Arn")
        && template
            .resources("AWS::SQS::Queue")
            .anyMatch(it ->
                it.id().equals(reference.path(0).asString(""))
                    && it.id().endsWith("DeadLetterQueue"));
  }

  private static List<JsonNode> oneOrMore(JsonNode value) {
    return value.isArray() ? List.copyOf(value.values()) : List.of(value);
  }

  /** The ids of the resources whose ARNs are meant. */
  private static List<String> arnsIn(JsonNode values) {
    return oneOrMore(values).stream()
        .map(it -> it.path("Fn::GetAtt"))
        .peek(it -> assertThat(it.path(1).asString("")).isEqualTo("Arn"))
        .map(it -> it.path(0).asString())
        .toList();
  }

  /**
   * One of the template's own resources, or one that is named by the stack's parameters. All that
   * may be left open are the indexes of a table and the executions of a workflow.
   */
  private static boolean isNamedResource(Template template, JsonNode resource) {
    if (resource.has("Ref")) {
      var id = resource.path("Ref").asString("");
      return isOwn(template, id)
          || (id.endsWith("Arn") && template.tree().path("Parameters").has(id));
    }
    if (resource.has("Fn::GetAtt")) {
      return isOwn(template, resource.path("Fn::GetAtt").path(0).asString(""));
    }
    var text = resource.path("Fn::Sub").asString("");
    var closed = OPEN_ENDS.matcher(text).replaceFirst("");
    return !closed.contains("*")
        && Pattern.compile("\\$\\{([A-Za-z]+)(\\.\\w+)?}")
            .matcher(closed)
            .results()
            .map(it -> it.group(1))
            .anyMatch(it -> isOwn(template, it) || it.equals("Prefix") || it.equals("BusName"));
  }

  private static boolean isOwn(Template template, String id) {
    return template.tree().path("Resources").has(id);
  }
}
