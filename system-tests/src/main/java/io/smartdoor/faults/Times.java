package io.smartdoor.faults;

/** Which of the calls that match a rule it strikes. */
public sealed interface Times {

  /** The n-th only, counted from 1. */
  record Nth(int n) implements Times {
    public Nth {
      requireFromOneOn(n);
    }
  }

  /** The first n. */
  record First(int n) implements Times {
    public First {
      requireFromOneOn(n);
    }
  }

  /** All of them. */
  record Always() implements Times {}

  /**
   * Each with this probability, 0 to 1. The seed fixes which of the matching calls it is, by their
   * order; who comes first is up to the callers' threads.
   */
  record Sometimes(double probability, long seed) implements Times {
    public Sometimes {
      if (!(probability >= 0 && probability <= 1)) {
        throw new IllegalArgumentException("expected 0 to 1, found " + probability);
      }
    }
  }

  static Times nth(int n) {
    return new Nth(n);
  }

  static Times first(int n) {
    return new First(n);
  }

  static Times once() {
    return new First(1);
  }

  static Times always() {
    return new Always();
  }

  static Times sometimes(double probability, long seed) {
    return new Sometimes(probability, seed);
  }

  private static void requireFromOneOn(int n) {
    if (n < 1) {
      throw new IllegalArgumentException("expected a number from 1 on, found " + n);
    }
  }
}
