package io.smartdoor.fidelity;

import static io.smartdoor.fidelity.Behaviour.expect;

import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import tools.jackson.databind.json.JsonMapper;

/** Step Functions, Standard workflows. */
final class WorkflowBehaviours {

  private static final String GUIDE = "https://docs.aws.amazon.com/step-functions/latest/dg/";
  private static final String API =
      "https://docs.aws.amazon.com/step-functions/latest/apireference/";

  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static final String WAIT =
      "{\"StartAt\":\"W\",\"States\":{\"W\":{\"Type\":\"Wait\",\"Seconds\":60,\"End\":true}}}";
  private static final String PASS =
      "{\"StartAt\":\"P\",\"States\":{\"P\":{\"Type\":\"Pass\",\"End\":true}}}";

  private WorkflowBehaviours() {}

  static List<Behaviour> all() {
    return List.of(
        Behaviour.of(
            "StartExecution: same name and input, running",
            "succeeds with the same execution",
            API + "API_StartExecution.html",
            "nothing: an execution that exists is success either way",
            WorkflowBehaviours::startedTwice),
        Behaviour.of(
            "StartExecution: name of an execution that ended",
            "fails with ExecutionAlreadyExists",
            API + "API_StartExecution.html",
            "one execution per key",
            WorkflowBehaviours::nameTaken),
        Behaviour.of(
            "Task: HeartbeatSeconds pass",
            "the task fails with States.HeartbeatTimeout",
            GUIDE + "state-task.html",
            "the task's TimeoutSeconds stand behind it",
            WorkflowBehaviours::heartbeat),
        Behaviour.of(
            "Task: TimeoutSeconds pass",
            "the task fails with States.Timeout, which a Catch sees",
            GUIDE + "state-task.html",
            "every identification ends in an event",
            WorkflowBehaviours::taskTimeout),
        Behaviour.of(
            "State machine: TimeoutSeconds pass",
            "the execution is TIMED_OUT, and no Catch sees it",
            GUIDE + "statemachine-structure.html",
            "a backstop; the death is heard of by event",
            WorkflowBehaviours::overallTimeout),
        Behaviour.of(
            "Task token: after its task has timed out",
            "is refused with TaskTimedOut or TaskDoesNotExist",
            API + "API_SendTaskSuccess.html",
            "nothing yet: every refusal will mean \"too late\"",
            WorkflowBehaviours::lateToken),
        Behaviour.of(
            "putEvents task: resources",
            "execution and state machine are appended",
            GUIDE + "connect-eventbridge.html",
            "nothing: readers use detail.door",
            WorkflowBehaviours::appendedResources),
        Behaviour.of(
            "putEvents task: entry fails",
            "the task fails with EventBridge.FailedEntry",
            GUIDE + "connect-eventbridge.html",
            "the follow-up event is put again",
            WorkflowBehaviours::failedEntry));
  }

  private static String startedTwice(Lab lab) {
    var workflow = lab.workflow(WAIT);
    var first = lab.start(workflow, "same", "{}");
    var error = Lab.errorOf(() -> lab.start(workflow, "same", "{}"));
    lab.workflows.stopExecution(it -> it.executionArn(first));
    return error.map(it -> "fails with " + it).orElse(Behaviour.AS_DOCUMENTED);
  }

  private static String nameTaken(Lab lab) throws InterruptedException {
    var workflow = lab.workflow(PASS);
    lab.status(lab.start(workflow, "same", "{}"), LIMIT);
    return Lab.errorOf(() -> lab.start(workflow, "same", "{}"))
        .map(it -> expect(it.equals("ExecutionAlreadyExists"), "fails with " + it))
        .orElse("starts another");
  }

  private static String heartbeat(Lab lab) throws InterruptedException {
    var limits = "\"HeartbeatSeconds\":1,\"TimeoutSeconds\":30";
    var both = "States.HeartbeatTimeout\"],\"Next\":\"C\"},{\"ErrorEquals\":[\"States.Timeout";
    // The second catcher goes where the first does: whichever it is, it came long before the 30 s.
    var execution = lab.start(lab.workflow(waiting(lab.queue(), limits, both)), "once", "{}");
    var status = lab.status(execution, Duration.ofSeconds(10));
    if (status.equals(ExecutionStatus.RUNNING.toString())) {
      lab.workflows.stopExecution(it -> it.executionArn(execution));
      return "ignored";
    }
    var events =
        lab.workflows.getExecutionHistory(it -> it.executionArn(execution)).events().toString();
    return expect(events.contains("States.HeartbeatTimeout"), "it is called States.Timeout");
  }

  private static String taskTimeout(Lab lab) throws InterruptedException {
    var task = waiting(lab.queue(), "\"TimeoutSeconds\":1", "States.Timeout");
    return caught(lab, task, "no Catch sees it");
  }

  private static String caught(Lab lab, String definition, String otherwise)
      throws InterruptedException {
    var execution = lab.start(lab.workflow(definition), "once", "{}");
    lab.status(execution, LIMIT);
    var output = lab.workflows.describeExecution(it -> it.executionArn(execution)).output();
    return expect("\"caught\"".equals(output), otherwise);
  }

  private static String overallTimeout(Lab lab) throws InterruptedException {
    var definition = WAIT.replaceFirst("\\{", "{\"TimeoutSeconds\":1,");
    var execution = lab.start(lab.workflow(definition), "once", "{}");
    var status = lab.status(execution, SOON);
    if (status.equals(ExecutionStatus.RUNNING.toString())) {
      lab.workflows.stopExecution(it -> it.executionArn(execution));
    }
    return expect(status.equals("TIMED_OUT"), "ignored");
  }

  private static String lateToken(Lab lab) throws InterruptedException {
    var queue = lab.queue();
    var execution =
        lab.start(
            lab.workflow(waiting(queue, "\"TimeoutSeconds\":1", "States.Timeout")), "once", "{}");
    var token = lab.receive(queue, LIMIT).orElseThrow().body();
    lab.status(execution, LIMIT);
    return Lab.errorOf(() ->
            lab.workflows.sendTaskSuccess(it -> it.taskToken(token.replace("\"", "")).output("{}")))
        .map(it ->
            expect(
                it.equals("TaskTimedOut") || it.equals("TaskDoesNotExist"), "refused with " + it))
        .orElse("accepted");
  }

  private static String appendedResources(Lab lab) throws InterruptedException {
    var queue = lab.queue();
    lab.rule("{\"detail-type\":[\"From a workflow\"]}", queue);
    lab.start(lab.workflow(putting(lab.bus(), "Lab", "From a workflow")), "once", "{}");
    return lab.receive(queue, LIMIT)
        .map(it -> JsonMapper.shared().readTree(it.body()).path("resources"))
        .map(it ->
            expect(Lab.texts(it).stream().anyMatch(arn -> arn.contains(":execution:")), "as given"))
        .orElse("no event comes");
  }

  private static String failedEntry(Lab lab) throws InterruptedException {
    // A source that only AWS may use: the entry fails.
    var execution = lab.start(lab.workflow(putting(lab.bus(), "aws.lab", "Lost")), "once", "{}");
    lab.status(execution, LIMIT);
    var error =
        String.valueOf(lab.workflows.describeExecution(it -> it.executionArn(execution)).error());
    return expect(error.equals("EventBridge.FailedEntry"), "the task succeeds");
  }

  private static String waiting(String queue, String limits, String error) {
    return """
    {"QueryLanguage":"JSONata","StartAt":"T","States":{
      "T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Arguments":{"QueueUrl":"%s","MessageBody":"{%% $states.context.Task.Token %%}"},%s,
        "Catch":[{"ErrorEquals":["%s"],"Next":"C"}],"Next":"N"},
      "C":{"Type":"Pass","Output":"caught","End":true},
      "N":{"Type":"Pass","Output":"not caught","End":true}}}
    """
        .formatted(queue, limits, error);
  }

  private static String putting(String bus, String source, String detailType) {
    return """
    {"QueryLanguage":"JSONata","StartAt":"E","States":{
      "E":{"Type":"Task","Resource":"arn:aws:states:::events:putEvents","TimeoutSeconds":5,
        "Arguments":{"Entries":[{"EventBusName":"%s","Source":"%s","DetailType":"%s","Detail":{},"Resources":["door/lab"]}]},
        "End":true}}}
    """
        .formatted(bus, source, detailType);
  }
}
