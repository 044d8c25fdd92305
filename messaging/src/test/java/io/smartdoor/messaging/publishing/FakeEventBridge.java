package io.smartdoor.messaging.publishing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.EventBridgeException;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequest;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Refuses what EventBridge refuses, with its codes, and answers an entry as it was told to, by the
 * entry's detail-type.
 *
 * <p>https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
final class FakeEventBridge implements EventBridgeClient {

  private final JsonMapper json = new JsonMapper();
  private final Map<String, Deque<String>> errors = new HashMap<>();
  private final Deque<RuntimeException> failures = new ArrayDeque<>();
  final List<List<PutEventsRequestEntry>> calls = new ArrayList<>();
  final List<String> published = new ArrayList<>();
  private int unanswered;

  /** The next entries of this detail-type fail with these codes, one after another. */
  void failNext(String detailType, String... codes) {
    errors.computeIfAbsent(detailType, _ -> new ArrayDeque<>()).addAll(List.of(codes));
  }

  /** From now on nothing is said about the last entry of a call. */
  void answerForOneLess() {
    unanswered = 1;
  }

  /** The next call fails as a whole. */
  void failNextCall(RuntimeException failure) {
    failures.add(failure);
  }

  static RuntimeException error(int status, String code) {
    return EventBridgeException.builder()
        .statusCode(status)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).errorMessage(code).build())
        .build();
  }

  static RuntimeException noAnswer() {
    return SdkClientException.create("connection reset");
  }

  @Override
  public PutEventsResponse putEvents(PutEventsRequest request) {
    calls.add(request.entries());
    if (!failures.isEmpty()) {
      throw failures.remove();
    }
    if (request.entries().isEmpty() || request.entries().size() > 10) {
      throw error(400, "ValidationException");
    }
    for (var entry : request.entries()) {
      if (entry.detailType().isEmpty()) {
        throw error(400, "ValidationException");
      }
    }
    return PutEventsResponse.builder()
        .entries(
            request.entries().stream()
                .limit(request.entries().size() - unanswered)
                .map(this::answer)
                .toList())
        .build();
  }

  private PutEventsResultEntry answer(PutEventsRequestEntry entry) {
    var scripted = errors.getOrDefault(entry.detailType(), new ArrayDeque<>()).poll();
    if (scripted != null) {
      return error(scripted);
    }
    if (!isObject(entry.detail())) {
      return error("MalformedDetail");
    }
    published.add(entry.detailType());
    return PutEventsResultEntry.builder().eventId("id-" + published.size()).build();
  }

  private static PutEventsResultEntry error(String code) {
    return PutEventsResultEntry.builder().errorCode(code).errorMessage("because").build();
  }

  private boolean isObject(String detail) {
    try {
      return json.readTree(detail).isObject();
    } catch (JacksonException e) {
      return false;
    }
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  @Override
  public void close() {}
}
