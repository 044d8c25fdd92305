package io.smartdoor.lock;

import java.util.concurrent.atomic.AtomicReference;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/** AWS does what it is asked to, its answer is lost on the way, and the SDK asks again. */
public final class LostAnswers implements ExecutionInterceptor {

  private final AtomicReference<String> operation = new AtomicReference<>("");

  /** Loses the next answer to this operation. */
  public void loseNext(String operation) {
    this.operation.set(operation);
  }

  /** Whether it was lost. */
  public boolean lost() {
    return operation.get().isEmpty();
  }

  @Override
  public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
    var name = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
    if (name != null && !name.isEmpty() && operation.get().equals(name)) {
      operation.set("");
      throw RetryableException.create("the answer to %s is lost".formatted(name));
    }
  }
}
