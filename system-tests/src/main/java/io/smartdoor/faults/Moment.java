package io.smartdoor.faults;

/** On which side of AWS's doing a fault strikes. */
public enum Moment {
  /** The request is read, and AWS knows nothing of it. */
  BEFORE_AWS,
  /** AWS has executed the request, and the caller knows nothing of it. */
  AFTER_AWS
}
