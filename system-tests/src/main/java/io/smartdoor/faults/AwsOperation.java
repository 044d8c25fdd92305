package io.smartdoor.faults;

/**
 * One operation of one service.
 *
 * @param name as AWS writes it ({@code PutItem}); method and path where the service is {@link
 *     AwsService#OTHER}
 */
public record AwsOperation(AwsService service, String name) {

  public static final AwsOperation PUT_EVENTS =
      new AwsOperation(AwsService.EVENTBRIDGE, "PutEvents");
  public static final AwsOperation RECEIVE_MESSAGE =
      new AwsOperation(AwsService.SQS, "ReceiveMessage");
  public static final AwsOperation QUERY = new AwsOperation(AwsService.DYNAMODB, "Query");

  @Override
  public String toString() {
    return service + " " + name;
  }
}
