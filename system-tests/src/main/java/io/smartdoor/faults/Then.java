package io.smartdoor.faults;

/** What follows on a test's own action in the middle of a call. */
public enum Then {
  /** The request is forwarded, or the answer passed on. */
  CONTINUE,
  /** The connection is cut: what the caller gets to see that was killed, or whose network was. */
  CUT
}
