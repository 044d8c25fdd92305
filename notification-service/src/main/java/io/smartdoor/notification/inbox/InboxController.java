package io.smartdoor.notification.inbox;

import io.smartdoor.events.DoorId;
import io.smartdoor.events.DoorReference;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.http.PageLimit;
import io.smartdoor.http.Refusal;
import io.smartdoor.notification.recipient.RecipientId;
import io.smartdoor.notification.recipient.Recipients;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/v1/recipients/{id}/inbox")
@Tag(
    name = "inbox",
    description =
        "What a recipient was told: one entry for all that became known about one thing that"
            + " happened at a door.")
class InboxController {

  private static final String ID_FORM = "^" + RecipientId.FORM + "$";

  private final Recipients recipients;
  private final Inbox inbox;

  InboxController(Recipients recipients, Inbox inbox) {
    this.recipients = recipients;
    this.inbox = inbox;
  }

  @Schema(name = "Door")
  record DoorDocument(
      @Schema(pattern = "^" + DoorId.FORM + "$") Optional<String> id,
      @Schema(minLength = 1, maxLength = 100, example = "Front door") Optional<String> name) {

    static DoorDocument of(DoorReference door) {
      return new DoorDocument(door.id().map(DoorId::value), door.name());
    }
  }

  @Schema(name = "Entry")
  record EntryDocument(
      @Schema(
              requiredMode = Schema.RequiredMode.REQUIRED,
              format = "uuid",
              description = "Of the entry; the same as `correlation-id`.")
          String id,
      @Schema(
              requiredMode = Schema.RequiredMode.REQUIRED,
              minimum = "1",
              description =
                  "Its place in this inbox. When an entry is replaced because more became known,"
                      + " it moves to the end under a new number, unread again.")
          long seq,
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED, example = "Front door opened")
          String title,
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED, example = "By hand.") String body,
      @Schema(
              requiredMode = Schema.RequiredMode.REQUIRED,
              allowableValues = {"notice", "alert"})
          String level,
      @Schema(description = "The door, as far as the event names it; absent where it does not.")
          Optional<DoorDocument> door,
      @Schema(
              requiredMode = Schema.RequiredMode.REQUIRED,
              description = "Of the event that the entry shows.",
              allowableValues = {
                "Door Status",
                "Person Identified",
                "Person Unrecognised",
                "Identification Failed"
              })
          String detailType,
      @Schema(
              requiredMode = Schema.RequiredMode.REQUIRED,
              format = "uuid",
              description = "Of the event that the entry shows.")
          String idempotencyKey,
      @Schema(
              requiredMode = Schema.RequiredMode.REQUIRED,
              format = "uuid",
              description = "The idempotency key of the first event about this.")
          String correlationId,
      @Schema(
              requiredMode = Schema.RequiredMode.REQUIRED,
              description = "When it happened at the door.")
          Instant at,
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) boolean read) {

    static EntryDocument of(InboxItem item) {
      return new EntryDocument(
          item.id().toString(),
          item.seq(),
          item.title(),
          item.body(),
          item.level(),
          item.door().map(DoorDocument::of),
          item.detailType(),
          item.idempotencyKey().toString(),
          item.id().toString(),
          item.at(),
          item.read());
    }
  }

  @Schema(name = "InboxPage")
  record InboxPage(
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED, description = "Ascending by `seq`.")
          List<EntryDocument> items,
      @Schema(
              minimum = "1",
              description =
                  "What to pass as `after` for the rest of what is there at this moment; absent"
                      + " where this is all of it.")
          Optional<Long> next) {}

  @GetMapping
  @Operation(
      operationId = "read-inbox",
      summary = "What is in the inbox after a number",
      description =
          "To follow an inbox, ask again with the `seq` of the last entry received (with the same"
              + " `after` where none came): whatever is new or replaced since comes, and nothing"
              + " is passed by. Entries are kept for 90 days.")
  @ApiResponse(responseCode = "200", description = "Some entries.", useReturnTypeSchema = true)
  @ApiResponse(responseCode = "404", description = "There is no such recipient.")
  InboxPage list(
      @Parameter(schema = @Schema(type = "string", pattern = ID_FORM)) @PathVariable RecipientId id,
      @Parameter(
              description = "The `seq` after which to begin.",
              schema =
                  @Schema(type = "integer", format = "int64", minimum = "0", defaultValue = "0"))
          @RequestParam(required = false)
          @Nullable Long after,
      @Parameter(
              description = "How many at most.",
              schema =
                  @Schema(type = "integer", minimum = "1", maximum = "100", defaultValue = "20"))
          @RequestParam(required = false)
          @Nullable String limit) {
    var start = after == null ? 0 : after;
    if (start < 0) {
      throw badField("after", "expected 0 or more, found " + start);
    }
    var size = PageLimit.of(limit).value();
    demandRecipient(id);
    var page = inbox.after(id, start, size);
    return new InboxPage(
        page.items().stream().map(EntryDocument::of).toList(),
        page.more() ? Optional.of(page.items().getLast().seq()) : Optional.empty());
  }

  @PostMapping("/{item}/read")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "mark-entry-read",
      summary = "Mark an entry as read",
      description =
          "Repeatable. With `seq`, the version of that number was read: if more became known in"
              + " the meantime, the entry stays unread. Without it, whatever the entry shows"
              + " now counts as read.")
  @ApiResponse(responseCode = "204", description = "It is read, or was replaced since.")
  @ApiResponse(responseCode = "404", description = "There is no such recipient or entry.")
  void read(
      @Parameter(schema = @Schema(type = "string", pattern = ID_FORM)) @PathVariable RecipientId id,
      @Parameter(schema = @Schema(type = "string", format = "uuid")) @PathVariable
          IdempotencyKey item,
      @Parameter(
              description = "The `seq` of the entry as it was shown.",
              schema = @Schema(type = "integer", format = "int64", minimum = "1"))
          @RequestParam(required = false)
          @Nullable Long seq) {
    if (seq != null && seq < 1) {
      throw badField("seq", "expected 1 or more, found " + seq);
    }
    demandRecipient(id);
    var version = seq == null ? OptionalLong.empty() : OptionalLong.of(seq);
    switch (inbox.markRead(id, item, version)) {
      case READ -> {}
      case UNKNOWN -> throw new Refusal(HttpStatus.NOT_FOUND, "there is no entry " + item);
      case NEVER_SHOWN ->
          throw badField("seq", "expected a number that the entry had, found " + seq);
    }
  }

  private void demandRecipient(RecipientId id) {
    if (recipients.find(id).isEmpty()) {
      throw new Refusal(HttpStatus.NOT_FOUND, "there is no recipient " + id);
    }
  }

  private static Refusal badField(String field, String problem) {
    return Refusal.ofField(HttpStatus.BAD_REQUEST, field, problem);
  }
}
