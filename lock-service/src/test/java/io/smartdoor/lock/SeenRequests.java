package io.smartdoor.lock;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** What a client asked AWS for. */
public final class SeenRequests implements ExecutionInterceptor {

  private final ConcurrentLinkedQueue<SdkRequest> requests = new ConcurrentLinkedQueue<>();

  @Override
  public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
    requests.add(context.request());
  }

  /** Those of this kind, in their order. */
  public <R extends SdkRequest> List<R> of(Class<R> kind) {
    return requests.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** All, by the names of their kinds. */
  public List<String> names() {
    return requests.stream().map(it -> it.getClass().getSimpleName()).toList();
  }

  public void forget() {
    requests.clear();
  }
}
