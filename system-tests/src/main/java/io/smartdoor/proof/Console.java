package io.smartdoor.proof;

import java.io.PrintStream;

/** Says on standard error how far it is; standard output is for results. */
record Console(PrintStream errors) {

  void say(String text) {
    errors.println(text);
  }
}
