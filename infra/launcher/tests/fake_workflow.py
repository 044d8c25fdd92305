"""Stands for the AWS CLI in tests of the workflow: tells what an emulator once told, and starts executions as Step Functions does."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from launcher.aws import AwsError

HISTORIES = Path(__file__).with_name("histories")
EMULATORS = ("ministack", "localstack")
MACHINE = "arn:aws:states:eu-central-1:123456789012:stateMachine:smartdoor-identify"


def recorded(emulator: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((HISTORIES / emulator / f"{name}.json").read_text())
    return found


class FakeStepFunctions:
    endpoint = "http://127.0.0.1:1"

    def __init__(self) -> None:
        self.executions: dict[str, dict[str, Any]] = {}
        self.items: dict[str, dict[str, Any]] = {}
        self.started: list[dict[str, Any]] = []
        self.broken: set[str] = set()
        self.is_overtaken = False
        """Whether somebody else starts an execution just before."""
        self.is_silent = False

    def is_answered(self) -> bool:
        return not self.is_silent

    def put(self, name: str, document: dict[str, Any]) -> None:
        """An execution, recorded under another name."""
        document = copy.deepcopy(document)
        arn = f"{MACHINE.replace(':stateMachine:', ':execution:')}:{name}"
        document["describe-execution"] |= {"name": name, "executionArn": arn, "stateMachineArn": MACHINE}
        self.executions[name] = document

    def json(self, service: str, operation: str, *arguments: str) -> Any:
        if operation in self.broken:
            raise self._error("AccessDeniedException")
        options = dict(zip(arguments, arguments[1:]))
        if operation == "get-item":
            return {"Item": found} if (found := self.items.get(json.loads(options["--key"])["idempotency-key"]["S"])) else {}
        if operation == "describe-state-machine":
            return next(iter(self.executions.values()))["describe-state-machine-for-execution"]
        if operation == "describe-stacks":
            if options["--stack-name"] != "home-identification":
                raise self._error("ValidationError")
            return {"Stacks": [{"Outputs": [{"OutputKey": "StateMachineArn", "OutputValue": MACHINE}]}]}
        execution = self.executions.get(options["--execution-arn"].rpartition(":")[2])
        if execution is None:
            raise self._error("ExecutionDoesNotExist")
        return execution[operation]

    def run(self, service: str, operation: str, *arguments: str) -> str:
        if operation != "start-execution":
            raise AssertionError(operation)
        given = json.loads(Path(arguments[arguments.index("--cli-input-json") + 1].removeprefix("file://")).read_text())
        if self.is_overtaken or given["name"] in self.executions:
            raise self._error("ExecutionAlreadyExists")
        self.started.append(given)
        return "{}"

    @staticmethod
    def _error(code: str) -> AwsError:
        return AwsError("stepfunctions", f"An error occurred ({code}) when calling the X operation: no")
