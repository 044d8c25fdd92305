package io.smartdoor.identification.workflow;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where the events come from, and what finds out who came.
 *
 * @param queue name of the queue that identification's rules fill
 * @param deadLetterQueue name of the queue for what is rejected
 * @param stateMachineArn ARN of the workflow, without version or alias
 */
@ConfigurationProperties("smartdoor.identification")
record WorkflowProperties(String queue, String deadLetterQueue, String stateMachineArn) {}
