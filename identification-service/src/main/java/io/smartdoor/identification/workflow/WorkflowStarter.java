package io.smartdoor.identification.workflow;

/** Starts the identification workflow. Safe for use by several threads. */
interface WorkflowStarter {

  /**
   * Starts one execution for {@code input}, named by its key: however often it is called for a key
   * within 90 days, there is one.
   *
   * @throws RuntimeException where nothing can be started for anybody, because something is set up
   *     wrongly
   */
  StartOutcome start(WorkflowInput input);
}
