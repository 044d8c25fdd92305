package io.smartdoor.messaging.publishing;

import java.util.Set;

/**
 * What an error code of PutEvents says about an entry.
 *
 * <p>The codes:
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html and
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/CommonErrors.html
 */
enum EntryError {
  /** The entry itself is at fault: the same bytes will be refused tomorrow. */
  REFUSED,
  /**
   * AWS calls these "non-retryable", but it is permissions or an account that are at fault, and an
   * operator mends those: the event is kept and tried later, though not at once.
   */
  BLOCKED,
  /**
   * Passes by itself, such as {@code ThrottlingException} and {@code InternalFailure}. So does, as
   * far as we know, a code that is not listed: to repeat in vain costs a call, to give up wrongly
   * costs the event.
   */
  PASSING;

  private static final Set<String> AT_FAULT = Set.of("InvalidArgument", "MalformedDetail");

  private static final Set<String> FOR_THE_OPERATOR =
      Set.of(
          "AccessDeniedException",
          "InvalidAccountIdException",
          "NotAuthorizedForDetailTypeException",
          "NotAuthorizedForSourceException");

  static EntryError of(String code) {
    if (AT_FAULT.contains(code)) {
      return REFUSED;
    }
    return FOR_THE_OPERATOR.contains(code) ? BLOCKED : PASSING;
  }
}
