package io.smartdoor.faults;

import java.util.Set;

/** Lets a Query or a Scan find nothing. */
final class EmptyQuery {

  private static final Set<String> SEARCHES = Set.of("Query", "Scan");

  private EmptyQuery() {}

  static boolean isPossible(AwsCall call, AwsAnswer answer) {
    return call.operation().service() == AwsService.DYNAMODB
        && SEARCHES.contains(call.operation().name())
        && answer.succeeded();
  }

  static AwsAnswer insteadOf(AwsAnswer answer) {
    var body = Json.copyOf(answer.json());
    if (body.has("Items")) { // a Query with Select COUNT has none
      body.putArray("Items");
    }
    body.put("Count", 0).put("ScannedCount", 0).remove("LastEvaluatedKey");
    return answer.withJson(body);
  }
}
