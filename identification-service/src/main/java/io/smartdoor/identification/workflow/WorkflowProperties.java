package io.smartdoor.identification.workflow;

import io.smartdoor.http.UnusableSettingException;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where events come from, and what finds out who came, by outputs of stack {@code identification}.
 *
 * @param queue SQS queue that identification's rules fill
 * @param deadLetterQueue SQS queue for what is rejected
 * @param handledTable DynamoDB table of what was handled: what {@code
 *     smartdoor.messaging.handled-table} is unless it is set itself
 * @param stateMachineArn ARN of the workflow's state machine, without version or alias. Its name
 *     alone would do on one account; its ARN is also what executions that died are told apart by
 */
@ConfigurationProperties("smartdoor.identification")
record WorkflowProperties(
    String queue, String deadLetterQueue, String handledTable, String stateMachineArn) {

  /** A state machine's, not a version's or an alias's: those begin with another colon. */
  private static final Pattern ARN =
      Pattern.compile("arn:[^:]+:states:[^:]+:[0-9]{12}:stateMachine:[^:]{1,80}");

  WorkflowProperties {
    demand(queue, "queue", "the name of a queue");
    demand(deadLetterQueue, "dead-letter-queue", "the name of a queue");
    demand(handledTable, "handled-table", "the name of a table");
    demand(
        stateMachineArn,
        "state-machine-arn",
        "the ARN of the identification workflow's state machine");
    UnusableSettingException.unless(
        ARN.matcher(stateMachineArn).matches(),
        "smartdoor.identification.state-machine-arn",
        "the ARN of a state machine, without version or alias",
        stateMachineArn);
  }

  private static void demand(String value, String property, String expected) {
    UnusableSettingException.unlessSet(value, "smartdoor.identification." + property, expected);
  }
}
