package io.smartdoor.http;

/** How a service writes its log. */
enum LogFormat {
  /** One Elastic Common Schema object per line. */
  JSON,
  /** Lines for people. */
  TERMINAL
}
