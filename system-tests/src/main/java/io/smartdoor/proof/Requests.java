package io.smartdoor.proof;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** All that doors have asked, in the order in which they had an answer or gave up. */
final class Requests {

  private final List<Webhook> all = new CopyOnWriteArrayList<>();

  void add(Webhook webhook) {
    all.add(webhook);
  }

  List<Webhook> all() {
    return List.copyOf(all);
  }
}
