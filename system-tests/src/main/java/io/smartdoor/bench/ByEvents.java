package io.smartdoor.bench;

import io.smartdoor.faults.AwsService;
import io.smartdoor.faults.Fault.Delay;
import io.smartdoor.faults.FaultProxy;
import io.smartdoor.faults.Match;
import io.smartdoor.faults.Moment;
import io.smartdoor.faults.Rule;
import io.smartdoor.faults.Times;
import java.net.URI;
import java.time.Duration;

/** SmartDoor itself, its notification disturbed from outside. */
final class ByEvents implements Arrangement, AutoCloseable {

  /** Starts a notification service. */
  @FunctionalInterface
  interface Start {
    Program run() throws InterruptedException;
  }

  private final URI lock;
  private final Rule slowness;
  private final Start start;
  private Program notification;

  ByEvents(URI lock, FaultProxy proxy, Duration slowness, Program notification, Start start) {
    this.lock = lock;
    this.notification = notification;
    this.start = start;
    this.slowness =
        proxy.inject(
            new Delay(slowness, Moment.BEFORE_AWS),
            Match.of(AwsService.DYNAMODB, "TransactWriteItems").by("notification"),
            Times.always());
    this.slowness.off();
  }

  @Override
  public URI lock() {
    return lock;
  }

  @Override
  public void slowDown() {
    slowness.on();
  }

  @Override
  public void speedUp() {
    slowness.off();
  }

  @Override
  public void takeDown() {
    notification.close();
  }

  @Override
  public void bringBack() throws InterruptedException {
    notification = start.run();
  }

  @Override
  public void close() {
    notification.close();
  }
}
