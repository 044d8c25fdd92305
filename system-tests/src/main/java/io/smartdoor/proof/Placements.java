package io.smartdoor.proof;

import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.faults.AwsCall;
import io.smartdoor.faults.AwsService;
import io.smartdoor.faults.Fault.RunAfter;
import io.smartdoor.faults.FaultProxy;
import io.smartdoor.faults.Match;
import io.smartdoor.faults.Then;
import io.smartdoor.faults.Times;
import io.smartdoor.proof.Findings.EventName;
import io.smartdoor.proof.Findings.Placement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;

/**
 * Writes down each write to an inbox that AWS executes, whoever makes it and whatever becomes of
 * its answer. The inbox itself shows the last one alone: one that was done twice looks there like
 * one.
 */
final class Placements {

  private final String table;
  private final List<Placement> all = new CopyOnWriteArrayList<>();

  private Placements(String table) {
    this.table = table;
  }

  /** Begins to watch; ahead of all rules that are made later. */
  static Placements watch(FaultProxy proxy, String inboxTable) {
    var placements = new Placements(inboxTable);
    proxy.inject(
        new RunAfter((call, _) -> placements.add(call), Then.CONTINUE),
        Match.of(AwsService.DYNAMODB, "TransactWriteItems").on(inboxTable).succeeding(),
        Times.always());
    return placements;
  }

  List<Placement> all() {
    return List.copyOf(all);
  }

  private void add(AwsCall call) {
    var write = call.body().path("ClientRequestToken").stringValue("");
    call.body()
        .path("TransactItems")
        .valueStream()
        .map(it -> it.path("Put"))
        .filter(it -> it.path("TableName").stringValue("").equals(table))
        .map(it -> it.path("Item"))
        .forEach(it -> all.add(placement(write, it)));
  }

  private static Placement placement(String write, JsonNode item) {
    return new Placement(
        write,
        text(item, "recipient"),
        IdempotencyKey.of(text(item, "item")),
        new EventName(text(item, "detail-type"), IdempotencyKey.of(text(item, "idempotency-key"))),
        Long.parseLong(item.path("seq").path("N").stringValue()));
  }

  private static String text(JsonNode item, String attribute) {
    return item.path(attribute).path("S").stringValue();
  }
}
