package io.smartdoor.fidelity;

import static org.junit.platform.commons.support.AnnotationSupport.findAnnotation;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips what relies on something that the emulator at hand does otherwise. */
final class SkippedWhereItDiffers implements ExecutionCondition {

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return findAnnotation(context.getTestClass(), ReliesOn.class)
        .map(it -> judge(it.value()))
        .orElseGet(() -> ConditionEvaluationResult.enabled("relies on nothing"));
  }

  private static ConditionEvaluationResult judge(String behaviour) {
    var emulator = Emulator.ofSystemTests();
    try {
      return FidelityDocument.standing()
          .differenceOf(emulator, behaviour)
          .map(difference ->
              ConditionEvaluationResult.disabled(
                  "%s, on %s: %s (docs/fidelity.md)"
                      .formatted(behaviour, emulator.title(), difference)))
          .orElseGet(() -> ConditionEvaluationResult.enabled(behaviour + " is as documented"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
