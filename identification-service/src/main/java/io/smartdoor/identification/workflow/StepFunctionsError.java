package io.smartdoor.identification.workflow;

import java.util.Arrays;
import java.util.Optional;

/**
 * What Step Functions answers instead of starting an execution or describing one, and what follows
 * from it. Every error that these pages list:
 *
 * <ul>
 *   <li>https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 *   <li>https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html
 *   <li>https://docs.aws.amazon.com/step-functions/latest/apireference/CommonErrors.html
 * </ul>
 */
enum StepFunctionsError {
  /** The name is taken, for 90 days after the execution ended too: what we want of it. */
  EXECUTION_ALREADY_EXISTS("ExecutionAlreadyExists", Meaning.ALREADY),
  /** We ask for one of our own that ended a while ago. */
  EXECUTION_DOES_NOT_EXIST("ExecutionDoesNotExist", Meaning.GONE),

  /** A million run at once; one lasts a minute at most. */
  EXECUTION_LIMIT_EXCEEDED("ExecutionLimitExceeded", Meaning.CROWDED),
  THROTTLING_EXCEPTION("ThrottlingException", Meaning.CROWDED),
  KMS_THROTTLING_EXCEPTION("KmsThrottlingException", Meaning.CROWDED),

  INTERNAL_FAILURE("InternalFailure", Meaning.OUTAGE),
  SERVICE_UNAVAILABLE("ServiceUnavailable", Meaning.OUTAGE),
  /** Took 15 minutes to arrive. */
  REQUEST_EXPIRED("RequestExpired", Meaning.OUTAGE),

  /** What we wrote is no JSON: it never will be. */
  INVALID_EXECUTION_INPUT("InvalidExecutionInput", Meaning.IMPOSSIBLE),
  /** An idempotency key is a UUID, so this is a mistake here that a repetition does not mend. */
  INVALID_NAME("InvalidName", Meaning.IMPOSSIBLE),

  /** From here on: somebody's set-up, which they can mend. */
  INVALID_ARN("InvalidArn", Meaning.BLOCKED),
  STATE_MACHINE_DOES_NOT_EXIST("StateMachineDoesNotExist", Meaning.BLOCKED),
  /** The name is free for another state machine afterwards, as when a stack is replaced. */
  STATE_MACHINE_DELETING("StateMachineDeleting", Meaning.BLOCKED),
  /** A qualified ARN, say; an input of more than 256 KiB is not sent. */
  VALIDATION_EXCEPTION("ValidationException", Meaning.BLOCKED),
  /** As {@link #VALIDATION_EXCEPTION}, from the gateway before. */
  VALIDATION_ERROR("ValidationError", Meaning.BLOCKED),
  KMS_ACCESS_DENIED_EXCEPTION("KmsAccessDeniedException", Meaning.BLOCKED),
  KMS_INVALID_STATE_EXCEPTION("KmsInvalidStateException", Meaning.BLOCKED),
  ACCESS_DENIED_EXCEPTION("AccessDeniedException", Meaning.BLOCKED),
  EXPIRED_TOKEN_EXCEPTION("ExpiredTokenException", Meaning.BLOCKED),
  INCOMPLETE_SIGNATURE("IncompleteSignature", Meaning.BLOCKED),
  MALFORMED_HTTP_REQUEST_EXCEPTION("MalformedHttpRequestException", Meaning.BLOCKED),
  NOT_AUTHORIZED("NotAuthorized", Meaning.BLOCKED),
  OPT_IN_REQUIRED("OptInRequired", Meaning.BLOCKED),
  UNKNOWN_OPERATION_EXCEPTION("UnknownOperationException", Meaning.BLOCKED),
  UNRECOGNIZED_CLIENT_EXCEPTION("UnrecognizedClientException", Meaning.BLOCKED);

  /** What follows from an error. */
  enum Meaning {
    /** Somebody was faster: as good as done. */
    ALREADY,
    /** There is nothing to be had any more. */
    GONE,
    /** Too much at once: later, soon. */
    CROWDED,
    /** Out of order: later. */
    OUTAGE,
    /** The event is to blame: never. */
    IMPOSSIBLE,
    /** Nothing works for anybody until somebody mends it: later, and somebody has to be told. */
    BLOCKED
  }

  private final String code;
  private final Meaning meaning;

  StepFunctionsError(String code, Meaning meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** The error's code, as it stands in the answer. */
  String code() {
    return code;
  }

  Meaning meaning() {
    return meaning;
  }

  /** The error that is written {@code code}, or empty where it is none of those listed. */
  static Optional<StepFunctionsError> of(String code) {
    return Arrays.stream(values()).filter(it -> it.code.equals(code)).findFirst();
  }
}
