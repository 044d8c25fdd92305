package io.smartdoor.proof;

import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.events.SmartDoorEvent;
import io.smartdoor.infra.testing.LocalAws;
import io.smartdoor.proof.Asked.Announcement;
import io.smartdoor.proof.Asked.Poisoning;
import io.smartdoor.proof.Plan.Dose;
import java.time.Clock;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Somebody who may write to queues and bus, and should not. Goes past the proxy. */
final class Poisoner implements AutoCloseable {

  private final LocalAws aws;
  private final Clock clock;
  private final Requests log;
  private final SqsClient queues;
  private final EventBridgeClient bus;

  /**
   * @param log of all that is given
   */
  Poisoner(LocalAws aws, Clock clock, Requests log) {
    this.aws = aws;
    this.clock = clock;
    this.log = log;
    this.queues = Observer.configured(SqsClient.builder(), aws).build();
    this.bus = Observer.configured(EventBridgeClient.builder(), aws).build();
  }

  void give(Dose dose) {
    var poison = dose.poison();
    var subscribers = poison.subscribers(dose.way());
    // Before it is sent: whatever comes of it has been asked for.
    if (poison.canBeHandled()) {
      log.add(
          new Announcement(
              new IdempotencyKey(dose.id()), Poison.NEWER_DOOR, Opening.BY_HAND, subscribers));
    } else {
      log.add(new Poisoning(Poison.marker(dose.id()), poison.toString(), subscribers));
    }
    switch (dose.way()) {
      case BUS -> publish(dose);
      case NOTIFICATION_QUEUE, IDENTIFICATION_QUEUE -> subscribers.forEach(it -> send(dose, it));
    }
  }

  private void send(Dose dose, String subscriber) {
    send(dose.poison().message(dose.id(), clock.instant()), subscriber);
  }

  /** Puts a message on a subscriber's queue that says nothing new. */
  void send(String message, String subscriber) {
    var queue = aws.output(subscriber, "Queue");
    var url = queues.getQueueUrl(it -> it.queueName(queue)).queueUrl();
    queues.sendMessage(it -> it.queueUrl(url).messageBody(message));
  }

  private void publish(Dose dose) {
    var entry =
        PutEventsRequestEntry.builder()
            .eventBusName(aws.output("bus", "Name"))
            .source(SmartDoorEvent.SOURCE)
            .detailType(dose.poison().detailType())
            .detail(dose.poison().detail(dose.id()))
            .time(clock.instant())
            .build();
    var failed = bus.putEvents(it -> it.entries(entry)).failedEntryCount();
    if (failed > 0) {
      throw new IllegalStateException("the bus has not taken " + dose);
    }
  }

  @Override
  public void close() {
    queues.close();
    bus.close();
  }
}
