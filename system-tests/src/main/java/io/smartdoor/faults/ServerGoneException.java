package io.smartdoor.faults;

import java.io.IOException;

/** The server behind the proxy cannot be reached, or ended the connection without an answer. */
final class ServerGoneException extends IOException {

  ServerGoneException(IOException cause) {
    super("the server behind the proxy gave no answer", cause);
  }
}
