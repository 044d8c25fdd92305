package io.smartdoor.infra;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.infra.Template.Resource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the state machine's role allows against what its definition does, and what EventBridge is
 * allowed against what the rules do: everything that is needed is granted, and nothing else is.
 */
class RolesTest {

  /**
   * Which action a service integration needs, and which of its arguments names the resource.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html">IAM
   *     policies for integrated services</a>
   */
  private static final Map<String, Integration> INTEGRATIONS =
      Map.of(
          "arn:aws:states:::dynamodb:getItem",
          new Integration("dynamodb:GetItem", "/TableName"),
          "arn:aws:states:::events:putEvents",
          new Integration("events:PutEvents", "/Entries/0/EventBusName"),
          "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
          new Integration("sqs:SendMessage", "/QueueUrl"));

  private record Integration(String action, String resource) {}

  /** An action on what a substitution of the definition stands for. */
  private record Permission(String action, String on) {}

  private final Template template = Template.named("identification");
  private final JsonNode states =
      JsonMapper.shared().readTree(Repository.read(Repository.WORKFLOW)).path("States");

  @Test
  void theWorkflowMayDoWhatItsStatesDoAndNothingElse() {
    var needed =
        tasks()
            .map(it -> {
              var integration =
                  Optional.ofNullable(INTEGRATIONS.get(it.path("Resource").asString()))
                      .orElseThrow(() -> new AssertionError("no known integration: " + it));
              var gap = it.path("Arguments").at(integration.resource()).asString();
              return new Permission(integration.action(), gap.replaceAll("[${}]", ""));
            })
            .toList();
    var granted =
        statements().stream()
            .flatMap(it ->
                oneOrMore(it.path("Action")).stream()
                    .map(action -> new Permission(action.asString(), named(it.path("Resource")))))
            .toList();

    assertThat(granted).doesNotHaveDuplicates();
    assertThat(granted).containsExactlyInAnyOrderElementsOf(Set.copyOf(needed));
  }

  @Test
  void theWorkflowMayPublishTheEventsThatItPublishesAndNoOthers() {
    var published = new TreeSet<String>();
    Pattern.compile("\"(?:DetailType|detail-type)\": *\"([A-Z][A-Za-z ]+)\"")
        .matcher(Repository.read(Repository.WORKFLOW))
        .results()
        .forEach(it -> published.add(it.group(1)));
    var condition =
        statements().stream()
            .filter(it -> it.path("Action").asString("").equals("events:PutEvents"))
            .map(it -> it.at("/Condition/StringEquals"))
            .findFirst()
            .orElseThrow();

    assertThat(published).isNotEmpty();
    assertThat(oneOrMore(condition.path("events:detail-type")))
        .extracting(JsonNode::asString)
        .containsExactlyInAnyOrderElementsOf(published);
    assertThat(tasks().flatMap(it -> it.path("Arguments").path("Entries").values().stream()))
        .extracting(it -> it.path("Source").asString())
        .containsOnly(condition.path("events:source").asString());
  }

  /** Queues let rules in by their policy (TemplatesTest); a role would be a second way. */
  @Test
  void rulesReachQueuesOnlyAndNeedNoRole() {
    var targets =
        Repository.templates().stream()
            .map(Template::at)
            .flatMap(it -> it.resources("AWS::Events::Rule"))
            .toList();

    assertThat(targets).isNotEmpty();
    assertThat(targets)
        .allSatisfy(rule -> {
          assertThat(rule.property("RoleArn").isMissingNode()).isTrue();
          assertThat(rule.property("Targets").values())
              .allSatisfy(target -> {
                assertThat(target.has("RoleArn")).isFalse();
                assertThat(isQueue(rule, target.path("Arn"))).isTrue();
              });
        });
  }

  @Test
  void onlyStepFunctionsTakesTheWorkflowsRoleAndForThisWorkflowOnly() {
    var trust = role().property("AssumeRolePolicyDocument").path("Statement");

    assertThat(trust).hasSize(1);
    assertThat(trust.at("/0/Principal").toString())
        .isEqualTo("{\"Service\":\"states.amazonaws.com\"}");
    assertThat(trust.at("/0/Condition/ArnLike").path("aws:SourceArn").toString())
        .contains("stateMachine:${Prefix}-identify\"");
  }

  private Stream<JsonNode> tasks() {
    return states.values().stream().filter(it -> it.path("Type").asString().equals("Task"));
  }

  private Resource role() {
    return template
        .resources("AWS::IAM::Role")
        .filter(it -> it.id().equals("WorkflowRole"))
        .findFirst()
        .orElseThrow();
  }

  private List<JsonNode> statements() {
    return role().property("Policies").values().stream()
        .flatMap(it -> it.path("PolicyDocument").path("Statement").values().stream())
        .toList();
  }

  /** By which name the definition calls a resource that the role names. */
  private static String named(JsonNode resource) {
    var own = resource.path("Fn::GetAtt").path(0).asString("");
    var bus = resource.path("Fn::Sub").asString("");
    return own.isEmpty() && bus.endsWith(":event-bus/${BusName}") ? "BusName" : own;
  }

  private static boolean isQueue(Resource rule, JsonNode arn) {
    return rule.template()
        .resources("AWS::SQS::Queue")
        .anyMatch(it -> it.id().equals(arn.path("Fn::GetAtt").path(0).asString("")));
  }

  private static List<JsonNode> oneOrMore(JsonNode value) {
    return value.isArray() ? List.copyOf(value.values()) : List.of(value);
  }
}
