"""Stands for the AWS CLI in tests of dead letters: queues and tables that behave as SQS and DynamoDB do, and can be told to fail."""

from __future__ import annotations

import json
import threading
import uuid
from pathlib import Path
from typing import Any

from launcher.aws import AwsError
from launcher.letters import BATCH

ADDRESS = "http://127.0.0.1:1/000000000000/"


def attribute(value: str) -> dict[str, str]:
    return {"DataType": "String", "StringValue": value}


class Queue:
    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.hidden: dict[str, str] = {}
        """Receipt of each message that is in somebody's hands, by its id."""


class FakeAws:
    endpoint = "http://127.0.0.1:1"

    def __init__(self) -> None:
        self.queues: dict[str, Queue] = {}
        self.outputs: dict[str, dict[str, str]] = {}
        self.items: dict[tuple[str, str], dict[str, Any]] = {}
        self.executions: dict[str, str] = {}
        self.broken: set[str] = set()
        """Operations, and names of queues, that fail."""
        self.refused: set[str] = set()
        """Bodies that are refused one by one."""
        self.lag = 0
        """How many messages more than there are each queue is said to have."""
        self.is_silent = False
        """Whether it hangs, or is gone."""
        self.calls: list[str] = []
        self._lock = threading.Lock()

    def is_answered(self) -> bool:
        return not self.is_silent

    def stack(self, name: str, **outputs: str) -> None:
        self.outputs[f"smartdoor-{name}"] = outputs
        for key, value in outputs.items():
            if key.endswith("Queue"):
                self.queues[value] = Queue()

    def put(self, queue: str, body: str, **attributes: str) -> str:
        message = {
            "MessageId": str(uuid.uuid4()),
            "Body": body,
            "MessageAttributes": {key.replace("_at", "-at"): attribute(value) for key, value in attributes.items()},
            "Attributes": {"SentTimestamp": str(1_760_000_000_000 + len(self.queues[queue].messages)), "ApproximateReceiveCount": "0"},
        }
        self.queues[queue].messages.append(message)
        return str(message["MessageId"])

    def bodies(self, queue: str) -> list[str]:
        return [it["Body"] for it in self.queues[queue].messages]

    def json(self, service: str, operation: str, *arguments: str) -> Any:
        options = dict(zip(arguments[::2], arguments[1::2], strict=False))
        if operation == "get-item":
            options = {it: arguments[arguments.index(it) + 1] for it in ("--table-name", "--key")}
        given = json.loads(Path(options["--cli-input-json"].removeprefix("file://")).read_text()) if "--cli-input-json" in options else {}
        name = str(given.get("QueueUrl") or options.get("--queue-url") or "").rpartition("/")[2]
        with self._lock:
            self.calls.append(operation)
            if operation in self.broken or name in self.broken:
                raise AwsError(f"{service} {operation}", f"An error occurred (Broken) when calling the X operation: {name}")
            return getattr(self, "_" + operation.replace("-", "_"))(name, options, given.get("Entries", []))

    def _describe_stacks(self, *_: Any) -> Any:
        return {
            "Stacks": [
                {
                    "StackName": name,
                    "StackStatus": "CREATE_COMPLETE",
                    "Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in outputs.items()],
                }
                for name, outputs in self.outputs.items()
            ]
        }

    def _list_queues(self, *_: Any) -> Any:
        return {"QueueUrls": [ADDRESS + name for name in self.queues]}

    def _get_queue_attributes(self, name: str, *_: Any) -> Any:
        queue = self.queues[name]
        visible = len(queue.messages) - len(queue.hidden) + self.lag
        return {"Attributes": {"ApproximateNumberOfMessages": str(visible), "ApproximateNumberOfMessagesNotVisible": str(len(queue.hidden))}}

    def _receive_message(self, name: str, *_: Any) -> Any:
        queue = self.queues[name]
        free = [it for it in queue.messages if it["MessageId"] not in queue.hidden][:BATCH]
        for message in free:
            queue.hidden[message["MessageId"]] = str(uuid.uuid4())
            message["Attributes"]["ApproximateReceiveCount"] = str(int(message["Attributes"]["ApproximateReceiveCount"]) + 1)
            message["Attributes"]["ApproximateFirstReceiveTimestamp"] = "1760000001000"
        return {"Messages": [it | {"ReceiptHandle": queue.hidden[it["MessageId"]]} for it in free]} if free else {}

    def _change_message_visibility_batch(self, name: str, _: Any, entries: list[dict[str, Any]]) -> Any:
        return self._each(entries, lambda it: self.queues[name].hidden.pop(self._held(name, it)))

    def _delete_message_batch(self, name: str, _: Any, entries: list[dict[str, Any]]) -> Any:
        def delete(entry: dict[str, Any]) -> None:
            gone = self._held(name, entry)
            del self.queues[name].hidden[gone]
            self.queues[name].messages = [it for it in self.queues[name].messages if it["MessageId"] != gone]

        return self._each(entries, delete)

    def _send_message_batch(self, name: str, _: Any, entries: list[dict[str, Any]]) -> Any:
        failed = [{"Id": it["Id"], "Code": "Refused", "Message": "no"} for it in entries if it["MessageBody"] in self.refused]
        for entry in entries:
            if entry["MessageBody"] not in self.refused:
                self.put(name, entry["MessageBody"])
                self.queues[name].messages[-1]["MessageAttributes"] = entry["MessageAttributes"]
        return {"Failed": failed}

    def _held(self, name: str, entry: dict[str, Any]) -> str:
        return next(it for it, receipt in self.queues[name].hidden.items() if receipt == entry["ReceiptHandle"])

    @staticmethod
    def _each(entries: list[dict[str, Any]], act: Any) -> Any:
        if not 1 <= len(entries) <= BATCH:
            raise AwsError("sqs", "An error occurred (TooManyEntriesInBatchRequest) when calling the X operation: no")
        for entry in entries:
            act(entry)
        return {}

    def _get_item(self, _: str, options: dict[str, str], __: Any) -> Any:
        key = next(iter(json.loads(options["--key"]).values()))["S"]
        found = self.items.get((options["--table-name"], key))
        return {"Item": found} if found else {}

    def _describe_execution(self, _: str, options: dict[str, str], __: Any) -> Any:
        key = options["--execution-arn"].rpartition(":")[2]
        if key not in self.executions:
            raise AwsError("stepfunctions", "An error occurred (ExecutionDoesNotExist) when calling the X operation: none")
        return {"status": self.executions[key]}
