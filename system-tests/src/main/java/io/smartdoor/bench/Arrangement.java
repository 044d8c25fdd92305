package io.smartdoor.bench;

import java.net.URI;

/** An arrangement of services whose notification can be disturbed. */
interface Arrangement {

  /** Where its doors report, at this moment. */
  URI lock();

  /** From now on each write into an inbox takes longer. */
  void slowDown();

  void speedUp();

  void takeDown() throws InterruptedException;

  /** Returns when it works again. */
  void bringBack() throws InterruptedException;
}
