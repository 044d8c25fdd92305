package io.smartdoor.messaging.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;

/**
 * A step of a trace, which lasts until it is closed. For use by one thread.
 *
 * <p>What is noted is seen by whoever runs the collector: keys, codes and ids, never what a door or
 * a person said.
 */
public final class Step implements AutoCloseable {

  static final Step UNTRACED = new Step(Span.getInvalid(), Scope.noop());

  private final Span span;
  private final Scope scope;

  Step(Span span, Scope scope) {
    this.span = span;
    this.scope = scope;
  }

  public Step note(String name, String value) {
    span.setAttribute(name, value);
    return this;
  }

  public Step note(String name, long value) {
    span.setAttribute(name, value);
    return this;
  }

  /** It did not do what it was to do. */
  public Step failed(String code) {
    span.setAttribute("error.type", code);
    span.setStatus(StatusCode.ERROR);
    return this;
  }

  @Override
  public void close() {
    scope.close();
    span.end();
  }
}
