package io.smartdoor.identification.workflow;

/** Starts the identification workflow. Safe for use by several threads. */
interface WorkflowStarter {

  /**
   * Starts one execution for {@code input}, named by its key: however often it is called for a key
   * within 90 days, there is one.
   */
  StartOutcome start(WorkflowInput input);
}
