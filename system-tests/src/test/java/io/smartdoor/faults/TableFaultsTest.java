package io.smartdoor.faults;

import static io.smartdoor.faults.ProxyFixture.door;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdoor.faults.Fault.AlterAnswer;
import io.smartdoor.faults.Fault.AnswerQueryEmpty;
import io.smartdoor.faults.Fault.StripCondition;
import io.smartdoor.faults.Fault.Throttle;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.Crc32MismatchException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.Select;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** Faults of DynamoDB's own. */
class TableFaultsTest {

  private final ProxyFixture fixture = new ProxyFixture();
  private final DynamoDbClient tables = fixture.caller.tables();
  private final String table = fixture.newTable();

  @BeforeEach
  void oneDoorIsThere() {
    fixture.observer.tables().putItem(it -> it.tableName(table).item(door("front", "Front")));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void watchersAreToldOfACallAsItWasMadeWhateverBecomesOfIt() {
    var seen = new CopyOnWriteArrayList<AwsCall>();
    fixture.proxy.watch(seen::add);
    stripping();

    tables.putItem(it ->
        it.tableName(table)
            .item(door("front", "Back"))
            .conditionExpression("attribute_not_exists(id)"));
    fixture.proxy.inject(new Throttle(), Match.everyCall(), Times.once());
    assertThatThrownBy(() -> tables.scan(it -> it.tableName(table)))
        .isInstanceOf(DynamoDbException.class);

    assertThat(seen).extracting(it -> it.operation().name()).containsExactly("PutItem", "Scan");
    assertThat(seen.getFirst().body().path("ConditionExpression").stringValue(""))
        .isEqualTo("attribute_not_exists(id)");
  }

  @Test
  void stripsTheConditionOfAPutWithTheNamesAndValuesThatOnlyItUsed() {
    var rule = stripping();

    tables.putItem(it ->
        it.tableName(table)
            .item(door("front", "Back"))
            .conditionExpression("attribute_not_exists(#id) or #name = :other")
            .expressionAttributeNames(Map.of("#id", "id", "#name", "name"))
            .expressionAttributeValues(Map.of(":other", AttributeValue.fromS("Other")))
            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));

    assertThat(nameOfFront()).isEqualTo("Back");
    assertThat(rule.fired()).isEqualTo(1);
  }

  @Test
  void keepsTheNamesAndValuesThatAnUpdateStillNeeds() {
    var rule = stripping();

    tables.updateItem(it ->
        it.tableName(table)
            .key(door("front"))
            .updateExpression("SET #n = :n")
            .conditionExpression("#n = :n2 and #name2 = :n2")
            .expressionAttributeNames(Map.of("#n", "name", "#name2", "other"))
            .expressionAttributeValues(
                Map.of(":n", AttributeValue.fromS("Back"), ":n2", AttributeValue.fromS("No"))));

    assertThat(nameOfFront()).isEqualTo("Back");
    assertThat(rule.fired()).isEqualTo(1);
  }

  @Test
  void stripsTheConditionsOfATransactionAndLeavesOutItsChecks() {
    stripping();

    tables.transactWriteItems(it ->
        it.transactItems(
            TransactWriteItem.builder()
                .put(put ->
                    put.tableName(table)
                        .item(door("front", "Back"))
                        .conditionExpression("attribute_not_exists(id)"))
                .build(),
            TransactWriteItem.builder()
                .conditionCheck(check ->
                    check
                        .tableName(table)
                        .key(door("nowhere"))
                        .conditionExpression("attribute_exists(id)"))
                .build()));

    assertThat(nameOfFront()).isEqualTo("Back");
  }

  @Test
  void passesByAWriteThatHasNoCondition() {
    var rule = stripping();

    tables.putItem(it -> it.tableName(table).item(door("front", "Back")));

    assertThat(rule.fired()).isZero();
    assertThat(rule.matched()).isZero();
  }

  @Test
  void leavesConditionsAloneWhereTheRuleIsAboutAnotherTable() {
    fixture.proxy.inject(
        new StripCondition(), Match.everyCall().on(fixture.newTable()), Times.always());

    assertThatThrownBy(() ->
            tables.putItem(it ->
                it.tableName(table)
                    .item(door("front"))
                    .conditionExpression("attribute_not_exists(id)")))
        .isInstanceOf(ConditionalCheckFailedException.class);
  }

  @Test
  void answersTheQueryOfAnIndexAsIfItWereEmpty() {
    tables.putItem(it ->
        it.tableName(table)
            .item(Map.of("id", AttributeValue.fromS("x"), "shard", AttributeValue.fromS("0"))));
    assertThat(pending(Select.ALL_ATTRIBUTES).items()).hasSize(1);
    var rule =
        fixture.proxy.inject(
            new AnswerQueryEmpty(),
            Match.of(AwsOperation.QUERY).on(table).index("pending"),
            Times.always());

    assertThat(pending(Select.ALL_ATTRIBUTES).items()).isEmpty();
    assertThat(pending(Select.COUNT).count()).isZero();
    assertThat(pending(Select.COUNT).hasItems()).isFalse();

    assertThat(rule.fired()).isEqualTo(3);
    assertThat(nameOfFront()).isEqualTo("Front");
    rule.off();
    assertThat(pending(Select.ALL_ATTRIBUTES).items()).hasSize(1);
  }

  @Test
  void altersAnAnswerSoThatTheSdkTakesItAndWouldNotTakeItWithoutTheRightChecksum() {
    var right =
        fixture.proxy.inject(
            new AlterAnswer(TableFaultsTest::renamed), Match.everyCall().on(table), Times.once());

    var read = tables.getItem(it -> it.tableName(table).key(door("front")));
    assertThat(read.item()).isEqualTo(door("front", "Renamed"));
    assertThat(right.fired()).isEqualTo(1);

    fixture.proxy.inject(
        new AlterAnswer(it -> renamed(it).withHeader("x-amz-crc32", "12345")),
        Match.everyCall().on(table),
        Times.once());

    assertThatThrownBy(() -> tables.getItem(it -> it.tableName(table).key(door("front"))))
        .isInstanceOf(Crc32MismatchException.class);
  }

  @Test
  void treatsAsIdleWhatItIsTold() {
    fixture.proxy.treatAsIdle(
        Match.of(AwsOperation.QUERY)
            .index("pending")
            .answered("empty", it -> it.json().path("Count").intValue(1) == 0));

    assertThat(pending(Select.ALL_ATTRIBUTES).items()).isEmpty();

    assertThat(fixture.proxy.calls().all()).hasSize(1).allMatch(RecordedCall::idle);
    assertThat(fixture.proxy.calls().names()).isEmpty();
  }

  @Test
  void showsAwsRefusingWhatStrippingWouldLeaveBehindIfItDidNotTidyUp() {
    assertThatThrownBy(() ->
            tables.putItem(it ->
                it.tableName(table)
                    .item(door("front"))
                    .expressionAttributeNames(Map.of("#id", "id"))))
        .isInstanceOf(DynamoDbException.class);
  }

  private Rule stripping() {
    return fixture.proxy.inject(new StripCondition(), Match.everyCall().on(table), Times.always());
  }

  private QueryResponse pending(Select select) {
    return tables.query(it ->
        it.tableName(table)
            .indexName("pending")
            .select(select)
            .keyConditionExpression("#shard = :shard")
            .expressionAttributeNames(Map.of("#shard", "shard"))
            .expressionAttributeValues(Map.of(":shard", AttributeValue.fromS("0"))));
  }

  private String nameOfFront() {
    var read = fixture.observer.tables().getItem(it -> it.tableName(table).key(door("front")));
    return read.item().getOrDefault("name", AttributeValue.fromS("")).s();
  }

  private static AwsAnswer renamed(AwsAnswer answer) {
    var body = answer.json();
    body.withObject("/Item/name").put("S", "Renamed");
    return answer.withJson(body);
  }
}
