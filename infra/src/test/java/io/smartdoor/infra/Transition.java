package io.smartdoor.infra;

import java.util.List;

/**
 * One way out of a state, as it stands in a state machine's definition.
 *
 * @param index which of the state's rules or catchers it is, from 0; 0 for the others
 * @param errors what is caught; empty unless it is a {@link Kind#CATCH}
 */
record Transition(String source, Kind kind, int index, List<String> errors, String target) {

  enum Kind {
    NEXT,
    CHOICE,
    DEFAULT,
    CATCH
  }

  /** What a catcher may leave out, by name. https://states-language.net/#errors */
  private static final List<String> UNCATCHABLE =
      List.of("States.DataLimitExceeded", "States.Runtime");

  private static final List<String> NOT_OF_A_TASK =
      List.of("States.Timeout", "States.HeartbeatTimeout");

  Transition {
    errors = List.copyOf(errors);
  }

  boolean catches(String error) {
    return errors.contains(error)
        || (errors.contains("States.ALL") && !UNCATCHABLE.contains(error))
        || (errors.contains("States.TaskFailed")
            && !NOT_OF_A_TASK.contains(error)
            && !UNCATCHABLE.contains(error));
  }

  @Override
  public String toString() {
    var how =
        switch (kind) {
          case NEXT -> "next";
          case CHOICE -> "rule " + (index + 1);
          case DEFAULT -> "otherwise";
          case CATCH -> "on " + String.join(", ", errors);
        };
    return "%s → %s (%s)".formatted(source, target, how);
  }
}
