package io.smartdoor.notification.recipient;

/** What another part of the service keeps for recipients, and what goes when they go. */
public interface RecipientData {

  /**
   * Deletes everything kept for a recipient who is leaving. Repeatable: it goes on where a crash
   * left it. Does nothing for a recipient who is not leaving (any more), so that whoever comes late
   * to a removal takes nothing from a recipient who has registered anew.
   */
  void deleteAllOf(RecipientId leaving);
}
