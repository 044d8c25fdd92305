package io.smartdoor.bench;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.Executors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * A floor as a process of its own, told by its environment what a service is told: so that it has a
 * warm machine, a heap and a CPU time of its own.
 */
public final class Floor {

  private Floor() {}

  /** {@code lock} or {@code notification}: whose floor. */
  public static void main(String[] arguments) throws IOException {
    var clock = Clock.systemUTC();
    var clients =
        new RawClients(
            URI.create(env("AWS_ENDPOINT_URL")), env("AWS_REGION"), env("AWS_ACCESS_KEY_ID"));
    var dynamoDb = clients.build(DynamoDbClient.builder());
    var server =
        HttpServer.create(
            new InetSocketAddress(
                InetAddress.getLoopbackAddress(), Integer.parseInt(env("SERVER_PORT"))),
            0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/actuator/health",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    switch (arguments[0]) {
      case "lock" -> {
        var lock =
            new RawLock(
                dynamoDb,
                output("lock", "OutboxTable"),
                clients.build(EventBridgeClient.builder()),
                output("bus", "Name"),
                clock);
        server.createContext("/v1/doors/", lock::answer);
        lock.start();
      }
      case "notification" -> {
        var inbox =
            RawInbox.of(
                dynamoDb,
                output("notification", "InboxTable"),
                output("notification", "RecipientsTable"),
                clock);
        var sqs = clients.build(SqsClient.builder());
        var queue = sqs.getQueueUrl(it -> it.queueName(output("notification", "Queue"))).queueUrl();
        new RawConsumer(sqs, queue, dynamoDb, output("notification", "HandledTable"), inbox, clock)
            .start();
      }
      default ->
          throw new IllegalArgumentException(
              "expected lock or notification, found " + arguments[0]);
    }
    server.start();
  }

  private static String output(String stack, String name) {
    return env(
        "SMARTDOOR_%s_%s".formatted(stack.toUpperCase(Locale.ROOT), name.toUpperCase(Locale.ROOT)));
  }

  private static String env(String name) {
    var value = System.getenv(name);
    if (value == null) {
      throw new IllegalArgumentException("expected a setting " + name + ", found none");
    }
    return value;
  }
}
