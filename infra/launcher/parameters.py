"""What templates say of their parameters, and whether an environment's values are such: found out without asking AWS."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .stacks import section

# What CloudFormation finds out itself, but late. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
IDS = {"AWS::EC2::VPC::Id": "vpc-", "AWS::EC2::Subnet::Id": "subnet-", "AWS::EC2::SecurityGroup::Id": "sg-"}
NUMBER = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True)
class Parameter:
    """One of a template's."""

    name: str
    kind: str
    """Its Type."""
    is_required: bool
    allowed: tuple[str, ...] = ()
    pattern: str | None = None
    least: float | None = None
    most: float | None = None

    def expected(self, given: str) -> str | None:
        """What a value has to be, where this one is not."""
        if self.allowed:
            return None if given in self.allowed else " or ".join(self.allowed)
        if self.kind == "Number":
            return self._number(given)
        inner = re.fullmatch(r"List<(.+)>", self.kind)
        is_list = inner is not None or self.kind == "CommaDelimitedList"
        each = [it.strip() for it in given.split(",")] if is_list else [given]
        begins = IDS.get(inner[1] if inner else self.kind)
        if begins and not all(it.startswith(begins) for it in each):
            return f"{begins}…"
        if self.pattern is not None and not all(re.fullmatch(self.pattern, it) for it in each):
            return f"like {self.pattern}"
        return None

    def _number(self, given: str) -> str | None:
        if NUMBER.fullmatch(given) and (self.least is None or float(given) >= self.least) and (self.most is None or float(given) <= self.most):
            return None
        limits = [f"{word} {limit:g}" for word, limit in (("from", self.least), ("to", self.most)) if limit is not None]
        return " ".join(["a number", *limits])


def of(template: Path) -> dict[str, Parameter]:
    """All of a template that is written as ours are: a line for each of their keys."""
    parts = re.split(r"^  (\w+):\n", section(template, "Parameters"), flags=re.MULTILINE)
    return {name: _parameter(name, body) for name, body in zip(parts[1::2], parts[2::2], strict=True)}


def outputs(template: Path) -> set[str]:
    return set(re.findall(r"^  (\w+):\n", section(template, "Outputs"), re.MULTILINE))


def _parameter(name: str, body: str) -> Parameter:
    found = dict(re.findall(r"^    (\w+): *(.*)$", body, re.MULTILINE))
    allowed = [_plain(it) for it in found.get("AllowedValues", "").strip("[]").split(",") if it.strip()]
    return Parameter(
        name,
        found["Type"],
        "Default" not in found,
        tuple(allowed),
        _plain(found["AllowedPattern"]) if "AllowedPattern" in found else None,
        float(found["MinValue"]) if "MinValue" in found else None,
        float(found["MaxValue"]) if "MaxValue" in found else None,
    )


def _plain(text: str) -> str:
    """A scalar of YAML, of which JSON's strings are a kind."""
    text = text.strip()
    return str(json.loads(text)) if text.startswith('"') else text


def mistakes(template: Path, given: Mapping[str, str]) -> list[str]:
    """What is wrong with the values that a template gets."""
    declared = of(template)
    found = []
    for name, value in given.items():
        expected = declared[name].expected(value) if name in declared else None
        if expected is not None:
            found.append(f'{name} to be {expected}, found "{value}"')
    return found


def missing(template: Path, known: set[str]) -> list[str]:
    """What has no default, and gets no value of those that are known."""
    return [name for name, it in of(template).items() if it.is_required and name not in known]
