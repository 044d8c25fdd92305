package io.smartdoor.permissions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdoor.faults.AwsOperation;
import io.smartdoor.faults.AwsService;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class PoliciesTest {

  private static final AwsOperation ANY = new AwsOperation(AwsService.DYNAMODB, "PutItem");
  private static final String DOORS = "arn:aws:dynamodb:x:1:table/doors";

  private final Usage usage = new Usage(new Arns("x", "1"));

  @Test
  void areContentWithWhatIsNeededAndAllowed() {
    usage.add("lock", Permission.of("dynamodb:PutItem", DOORS), ANY);
    usage.add("lock", Permission.of("dynamodb:GetItem", DOORS), ANY);
    var policies = allowing("[\"dynamodb:PutItem\", \"dynamodb:GetItem\"]", DOORS);

    assertThat(policies.refusals(usage)).isEmpty();
    assertThat(policies.excesses(usage, Set.of())).isEmpty();
  }

  @Test
  void nameWhatTheyRefuse() {
    usage.add("lock", Permission.of("dynamodb:PutItem", DOORS), ANY);
    usage.add("lock", Permission.of("dynamodb:DeleteItem", DOORS), ANY);

    assertThat(allowing("\"dynamodb:PutItem\"", DOORS).refusals(usage))
        .containsExactly(
            "lock: no statement of its role allows dynamodb:DeleteItem on "
                + DOORS
                + ", needed by [DynamoDB PutItem]");
  }

  @Test
  void refuseWhatIsAllowedToAnotherServiceOnly() {
    usage.add("notification", Permission.of("dynamodb:PutItem", DOORS), ANY);

    assertThat(allowing("\"dynamodb:PutItem\"", DOORS).refusals(usage))
        .singleElement()
        .asString()
        .startsWith("notification: no statement of its role allows dynamodb:PutItem");
  }

  @Test
  void refuseAnOperationThatNobodyHasLookedUp() {
    usage.addUnknown("lock", new AwsOperation(AwsService.S3, "GetObjectTagging"));

    assertThat(allowing("\"s3:GetObject\"", "*").refusals(usage))
        .containsExactly("lock: nobody has said which actions S3 GetObjectTagging needs");
  }

  @Test
  void nameWhatNoCallNeeded() {
    usage.add("lock", Permission.of("dynamodb:PutItem", DOORS), ANY);

    assertThat(
            allowing("[\"dynamodb:PutItem\", \"dynamodb:Scan\"]", DOORS).excesses(usage, Set.of()))
        .containsExactly("lock: Doors: dynamodb:Scan on " + DOORS + ", which no call needed");
  }

  @Test
  void nameWhatIsBroaderThanItsCalls() {
    usage.add("lock", Permission.of("dynamodb:PutItem", DOORS), ANY);

    assertThat(allowing("\"dynamodb:*\"", DOORS).excesses(usage, Set.of()))
        .containsExactly(
            "lock: Doors: dynamodb:* on " + DOORS + ", which is more than one resource");
    assertThat(
            allowing("[\"dynamodb:PutItem\", \"dynamodb:PutItem\"]", DOORS)
                .excesses(usage, Set.of()))
        .hasSize(2)
        .allMatch(it -> it.endsWith("which stands there twice"));
  }

  @Test
  void letExceptionsStandAsLongAsTheyAreSome() {
    var exception = new Exempt("lock", "dynamodb:Scan", "table/doors", "for once");
    var policies = allowing("\"dynamodb:Scan\"", DOORS);

    assertThat(policies.excesses(usage, Set.of(exception))).isEmpty();

    usage.add("lock", Permission.of("dynamodb:Scan", DOORS), ANY);
    assertThat(policies.excesses(usage, Set.of(exception)))
        .singleElement()
        .asString()
        .startsWith("no exception any more: ")
        .contains("for once");
  }

  @Test
  void askForEveryConditionAndForOneOfItsValues() {
    var policies =
        policies(
            """
            {"Sid": "Publish", "Effect": "Allow", "Action": "events:PutEvents", "Resource": "bus",
             "Condition": {"StringEquals": {"events:source": "SmartDoor", "events:detail-type": ["A", "B"]}}}
            """);
    usage.add("lock", publishing("SmartDoor", "A"), ANY);

    assertThat(policies.refusals(usage)).isEmpty();
    assertThat(policies.excesses(usage, Set.of()))
        .containsExactly(
            "lock: Publish: events:PutEvents on bus where events:detail-type = B,"
                + " events:source = SmartDoor, which no call needed");

    usage.add("lock", publishing("SmartDoor", "C"), ANY);
    usage.add("lock", publishing("other", "A"), ANY);
    usage.add("lock", Permission.of("events:PutEvents", "bus"), ANY);
    assertThat(policies.refusals(usage)).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({
    "a:table/x, a:table/x, true",
    "a:table/x, a:table/xy, false",
    "a:table/*, a:table/x/index/y, true",
    "a:table/?, a:table/x, true",
    "a:table/?, a:table/xy, false",
    "a.table/x, a:table/x, false",
    "arn:aws:secretsmanager:x:1:secret:key-AbC123, arn:aws:secretsmanager:x:1:secret:key, true",
    "arn:aws:secretsmanager:x:1:secret:key-AbC123, arn:aws:secretsmanager:x:1:secret:kez, false",
    "arn:aws:sqs:x:1:key-AbC123, arn:aws:sqs:x:1:key, false",
  })
  void readStarsAndQuestionMarksAsIamDoes(String granted, String needed, boolean covered) {
    var grant = new Grant("Any", "x:Y", granted, Map.of());

    assertThat(grant.covers(Permission.of("x:Y", needed))).isEqualTo(covered);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Sid\": \"A\", \"Effect\": \"Deny\", \"Action\": \"x:Y\", \"Resource\": \"z\"}",
        "{\"Sid\": \"A\", \"Effect\": \"Allow\", \"NotAction\": \"x:Y\", \"Resource\": \"z\"}",
        "{\"Sid\": \"A\", \"Effect\": \"Allow\", \"Action\": \"x:Y\", \"NotResource\": \"z\"}",
        "{\"Sid\": \"A\", \"Effect\": \"Allow\", \"Action\": \"x:Y\"}",
        "{\"Sid\": \"A\", \"Effect\": \"Allow\", \"Action\": \"x:Y\", \"Resource\": \"z\","
            + " \"Condition\": {\"StringLike\": {\"events:source\": \"*\"}}}",
      })
  void areNotReadWhereTheySayWhatIsNotUnderstoodHere(String statement) {
    assertThatThrownBy(() -> policies(statement))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("in A, found");
  }

  private static Permission publishing(String source, String detailType) {
    return new Permission(
        "events:PutEvents",
        "bus",
        Map.of("events:source", source, "events:detail-type", detailType));
  }

  private static Policies allowing(String actions, String resource) {
    return policies(
        "{\"Sid\": \"Doors\", \"Effect\": \"Allow\", \"Action\": %s, \"Resource\": \"%s\"}"
            .formatted(actions, resource));
  }

  private static Policies policies(String statement) {
    var document =
        JsonMapper.shared()
            .readTree("{\"Version\": \"2012-10-17\", \"Statement\": [%s]}".formatted(statement));
    return new Policies(Map.of("lock", Grant.in(document)));
  }
}
