"""The command line: which words there are, what they mean, and how the command ends."""

from __future__ import annotations

import argparse
import json
import os
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from . import bench, configtree, console, demo, deploy, dlq, doctor, doors, faces, fuzz, lifecycle, mutants, people, prove, replay, rollout
from . import serving, stacks, startup, verify, workflow
from .aws import AwsCli, AwsError
from .console import Problem
from .environment import require_loopback

DESCRIPTION = "SmartDoor: a door tells what happened, and phones hear of it. Start with `./smartdoor up`."
EPILOGUE = """\
environment:
  SMARTDOOR_HOME         the state folder (.smartdoor in the repository)
  SMARTDOOR_TOOLS        where tools are installed (.smartdoor/tools in the repository)
  SMARTDOOR_ADMIN_TOKEN  the token of the HTTP APIs (made up at the first start, and kept in the state folder)
  SMARTDOOR_FREE_PORTS   1 or true: `up` chooses free ports, as with --free-ports; 0 or false: it does not
  SMARTDOOR_PORT_LOCK    the port of the Lock Service, for `up` (8081); in the same way SMARTDOOR_PORT_NOTIFICATION,
                         SMARTDOOR_PORT_IDENTIFICATION and SMARTDOOR_PORT_AWS. They come before free ports
  SMARTDOOR_TAG          of the images that are built (one of this clone's own)
  AWS_ENDPOINT_URL       an AWS on this machine to use instead of starting an emulator
  JAVA_HOME              a JDK 25, where the usual folders have none
"""


UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
EXECUTION = re.compile(rf"{UUID}(\.([2-9]|[1-9][0-9]{{1,2}}))?")


def main(arguments: Sequence[str]) -> int:
    """Runs one command; its exit code is 0 only if what was asked for is so."""
    console.stop_on_signals()
    # Secrets, logs with names in them, the emulator's state: what is written is its owner's, unless it says otherwise.
    os.umask(0o077)
    try:
        return run(arguments)
    except (Problem, AwsError) as problem:
        console.progress(f"smartdoor: {problem}")
        return 1
    except KeyboardInterrupt:
        console.progress("smartdoor: interrupted")
        return 130
    except BrokenPipeError:
        # Whoever read our output has seen enough; 141 is what a shell calls that.
        console.give_up_output()
        return 141
    except OSError as error:
        named, found = error.filename or "a file", error.strerror or error
        console.progress(f"smartdoor: expected to be able to use {named}, found: {found}: see that it can be read and written")
        console.give_up_output()
        return 1


def run(arguments: Sequence[str]) -> int:
    if arguments and arguments[0] == "verify" and not {"-h", "--help"} & set(arguments):
        # What follows is Maven's, dashes included.
        return verify.verify(arguments[1:])
    given = parser().parse_args(arguments)
    return int(given.run(given))


def parser() -> argparse.ArgumentParser:
    main_parser = argparse.ArgumentParser(
        prog="smartdoor", description=DESCRIPTION, epilog=EPILOGUE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = main_parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _lifecycle(commands)
    _doors(commands)
    _people(commands)
    _dead_letters(commands)
    _workflow(commands)
    _proof(commands)
    _parts(commands)
    _on_aws(commands)
    return main_parser


class Commands(Protocol):
    """What argparse gives, whose own name for it is private."""

    def add_parser(self, name: str, *, help: str, description: str) -> argparse.ArgumentParser: ...


def _add(commands: Commands, name: str, text: str) -> argparse.ArgumentParser:
    return commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")


def _lifecycle(commands: Commands) -> None:
    up = _add(commands, "up", "build if needed, start everything, and follow the log until Ctrl-C")
    up.add_argument("--detach", action="store_true", help="return once everything runs")
    up.add_argument("--free-ports", action="store_true", help="choose free ports instead of 8081, 8082, 8083 and 4566")
    up.add_argument("--docker", action="store_true", help="in containers, on LocalStack: what docker-compose.yml describes")
    up.set_defaults(run=lambda it: lifecycle.up(it.detach, it.free_ports, it.docker))

    _add(commands, "down", "stop everything; the state stays").set_defaults(run=lambda _: lifecycle.down())

    newer = _add(commands, "upgrade", "of `up --docker`: build one service anew, and replace its container")
    newer.add_argument("service", metavar="SERVICE", help="lock, notification or identification")
    newer.set_defaults(run=lambda it: lifecycle.upgrade(it.service))

    status = _add(commands, "status", "show what runs; exit code 0 if all of it is healthy")
    status.add_argument("--json", action="store_true", help="as one JSON object")
    status.set_defaults(run=lambda it: lifecycle.status(it.json))

    logs = _add(commands, "logs", "show the logs since the last start")
    logs.add_argument("service", nargs="?", help="lock, notification, identification or emulator (localstack); all of these if none is named. Also build, compose (builds containers) and deploy")
    logs.add_argument("--follow", action="store_true", help="go on showing what is added")
    logs.set_defaults(run=lambda it: lifecycle.show_logs(it.service, it.follow))

    _add(commands, "doctor", "say what is missing on this machine, and how to get it").set_defaults(
        run=lambda _: doctor.doctor()
    )


def _doors(commands: Commands) -> None:
    door = _add(commands, "door", "register doors, and speak as they do")
    actions = door.add_subparsers(title="actions", metavar="ACTION", required=True)

    for word, state in (("open", "open"), ("close", "closed")):
        action = _add(actions, word, f"send what a door sends when it is {state}, signed with its secret")
        _who(action)
        action.set_defaults(run=lambda it, state=state: doors.report(it.door, state, it.user, it.store, it.key, it.at, it.snapshot))

    report = _add(actions, "report", "send any other state of a door")
    report.add_argument("state", choices=doors.STATES, help="what the door says")
    _who(report)
    report.set_defaults(run=lambda it: doors.report(it.door, it.state, it.user, it.store, it.key, it.at, it.snapshot))

    add = _add(actions, "add", "register a door; its secret is kept in the state folder")
    add.add_argument("door", metavar="DOOR", help="its id, for example back-door")
    add.add_argument("--name", help='what people call it; "Back door" if not given')
    add.add_argument("--show-secret", action="store_true", help="print the secret, for a door that is to sign by itself")
    add.set_defaults(run=lambda it: doors.add(it.door, it.name, it.show_secret))

    _add(actions, "list", "list the doors and their states").set_defaults(run=lambda _: doors.list_all())

    remove = _add(actions, "remove", "forget a door")
    remove.add_argument("door", metavar="DOOR")
    remove.set_defaults(run=lambda it: doors.remove(it.door))


def _who(action: argparse.ArgumentParser) -> None:
    action.add_argument("door", metavar="DOOR", help="the door's id")
    action.add_argument("--user", metavar="ID", help="who did it: a resident (anna), or a credential (keypad:4711)")
    action.add_argument("--store", help="the store of the id, where it is not written before a colon")
    action.add_argument(
        "--snapshot", action="append", default=[], metavar="FILE", help="a picture of it (JPEG or PNG, at most 5 MiB), sent before; up to five"
    )
    action.add_argument("--key", metavar="UUID", type=_uuid, help="the event's key; made up if not given. To send one again that was not answered: with its time")
    action.add_argument("--at", metavar="T", type=_time, help="when it happened (2026-11-23T07:31:04.123Z); now if not given")


def _people(commands: Commands) -> None:
    inbox = _add(commands, "inbox", "show what a recipient's phone would show")
    inbox.add_argument("recipient", metavar="RECIPIENT", help="for example me")
    inbox.add_argument("--follow", action="store_true", help="go on showing what is new or replaced")
    inbox.add_argument("--json", action="store_true", help="as JSON; with --follow one object per line")
    inbox.set_defaults(run=lambda it: people.inbox(it.recipient, it.follow, it.json))

    recipient = _add(commands, "recipient", "say who hears of the doors")
    actions = recipient.add_subparsers(title="actions", metavar="ACTION", required=True)
    add = _add(actions, "add", "add a recipient, who hears of all doors")
    add.add_argument("recipient", metavar="RECIPIENT")
    closed = "of doors that close, too, or no longer; also for one who is there already"
    add.add_argument("--include-closed", action=argparse.BooleanOptionalAction, help=closed)
    add.set_defaults(run=lambda it: people.add_recipient(it.recipient, it.include_closed))
    _add(actions, "list", "list the recipients").set_defaults(run=lambda _: people.list_recipients())
    remove = _add(actions, "remove", "forget a recipient")
    remove.add_argument("recipient", metavar="RECIPIENT")
    remove.set_defaults(run=lambda it: people.remove_recipient(it.recipient))

    resident = _add(commands, "resident", "say who lives here")
    actions = resident.add_subparsers(title="actions", metavar="ACTION", required=True)
    add = _add(actions, "add", "add a resident, or change what is known of one")
    add.add_argument("resident", metavar="ID", help="for example anna")
    add.add_argument("--name", required=True, help="what phones call them")
    add.add_argument("--credential", action="append", default=[], metavar="STORE:ID", help="what they open doors with; repeatable; replaces all that they had, which stay if none is given")
    add.set_defaults(run=lambda it: people.add_resident(it.resident, it.name, it.credential))
    _add(actions, "list", "list the residents, their names and credentials").set_defaults(run=lambda _: people.list_residents())
    remove = _add(actions, "remove", "forget a resident")
    remove.add_argument("resident", metavar="ID")
    remove.set_defaults(run=lambda it: people.remove_resident(it.resident))


def _dead_letters(commands: Commands) -> None:
    letters = _add(commands, "dlq", "look at dead letters, put them back, or give them up")
    actions = letters.add_subparsers(title="actions", metavar="ACTION", required=True)
    listed = _add(actions, "list", "list what was given up, wherever it lies: rejected, undelivered, or refused by the bus")
    listed.add_argument("--json", action="store_true", help="as one JSON object")
    listed.set_defaults(run=lambda it: dlq.list_all(it.json))
    show = _add(actions, "show", "show one dead letter, and what is known of its event")
    show.add_argument("id", metavar="ID", help=f"as listed; more of it, or less ({dlq.LEAST} characters at least), where that fits one letter only")
    show.add_argument("--json", action="store_true", help="as one JSON object")
    show.set_defaults(run=lambda it: dlq.show(it.id, it.json))
    redrive = _add(actions, "redrive", "put dead letters back on their subscriber's queue, or in the outbox")
    redrive.add_argument("id", nargs="*", metavar="ID", help="as listed; all if none is given, after a question")
    redrive.add_argument("--yes", action="store_true", help="do not ask before redriving all; needed where there is no terminal to ask at")
    redrive.set_defaults(run=lambda it: dlq.redrive(it.id, it.yes))
    drop = _add(actions, "drop", "give dead letters up; a copy is kept in the state folder")
    drop.add_argument("id", nargs="+", metavar="ID", help="as listed")
    drop.add_argument("--reason", required=True, metavar="TEXT", help="why, in one line")
    drop.set_defaults(run=lambda it: dlq.drop(it.id, it.reason))


def _workflow(commands: Commands) -> None:
    """One word names an execution, two what to do about it: argparse has no such choice, so it is made here."""
    flow = _add(commands, "workflow", "show the way that an event's identification took, or try once more one that failed")
    where = "[--env NAME [--endpoint URL]]"
    flow.usage = f"smartdoor workflow [--svg FILE] [--json] {where} KEY\n       smartdoor workflow {where} retry KEY"
    key = "the idempotency key of a door's event; KEY.2 and so on for further tries; after retry: the event's"
    flow.add_argument("words", nargs="+", metavar="KEY", help=key)
    flow.add_argument("--svg", type=Path, metavar="FILE", help="also draw it there")
    flow.add_argument("--json", action="store_true", help="as one JSON object")
    _where(flow, required=False)

    def chosen(given: argparse.Namespace) -> int:
        match given.words:
            case [name] if EXECUTION.fullmatch(name.lower()):
                return workflow.show(name.lower(), given.svg, given.json, given.env, given.endpoint)
            case ["retry", key] if EXECUTION.fullmatch(key.lower()) and "." not in key and not given.svg and not given.json:
                return workflow.retry(key.lower(), given.env, given.endpoint)
        flow.error(f"expected KEY, or retry KEY, KEY being a UUID, found {' '.join(given.words)}")

    flow.set_defaults(run=chosen)


def _proof(commands: Commands) -> None:
    show = _add(commands, "demo", "show what SmartDoor promises, on free ports, from nothing to nothing")
    show.add_argument("--json", action="store_true", help="the results as JSON on standard output, all else on standard error")
    show.add_argument("--docker", action="store_true", help="in containers, on LocalStack")
    names = list(demo.SCENARIOS)
    chosen = f"one scenario; repeatable: {', '.join(names)}"
    show.add_argument("--only", action="append", default=[], choices=names, metavar="NAME", help=chosen)
    show.set_defaults(run=lambda it: demo.demo(it.json, it.only, it.docker))

    proof = _add(commands, "verify", "run every check and every test")
    proof.add_argument("--localstack", action="store_true", help="instead: the tests, on LocalStack")
    proof.add_argument("maven", nargs="*", metavar="MAVEN-ARGUMENT", help="passed on to `mvn verify`")
    proof.set_defaults(run=lambda it: verify.verify(it.maven))

    proofs = _add(commands, "prove", "show that nothing is lost and nothing is done twice")
    actions = proofs.add_subparsers(title="proofs", metavar="PROOF", required=True)
    crash = _add(actions, "crashes", "kill and stop the services at every call that they make, and check what became of it")
    crash.add_argument("--json", action="store_true", help="the results as JSON at the end of standard output")
    crash.add_argument("--only", metavar="TEXT", type=_text, help="only cells whose name contains this, for example PutEvents or broken")
    crash.set_defaults(run=lambda it: prove.crashes(it.json, it.only))
    api = _add(actions, "api", "ask the APIs for what their documents allow and for what they do not, and check what was published")
    api.add_argument("--json", action="store_true", help="the results as JSON on standard output, all else on standard error")
    api.add_argument("--seed", type=_count, metavar="N", help="decides what is asked; made up, and printed, if not given")
    api.add_argument("--examples", type=_positive, default=fuzz.EXAMPLES, metavar="N", help=f"requests that are made up per operation ({fuzz.EXAMPLES})")
    api.set_defaults(run=lambda it: fuzz.api(it.json, it.seed, it.examples))
    mutant = _add(actions, "mutants", "change messaging in hundreds of small ways, and check that a test notices each")
    mutant.add_argument("--json", action="store_true", help="the score as JSON on standard output")
    mutant.set_defaults(run=lambda it: mutants.mutants(it.json))
    soak = _add(actions, "soak", "let hundreds of doors report while everything goes wrong, and check what became of it")
    soak.add_argument("--minutes", type=_minutes, default=2.0, metavar="N", help="how long (2); starting, settling and checking come on top")
    soak.add_argument("--seed", type=_count, metavar="S", help="what goes wrong when; by chance, and shown, if not given")
    soak.add_argument("--broken", action="store_true", help="instead: half a minute each of three builds broken on purpose, which the checker must catch")
    soak.add_argument("--json", action="store_true", help="the results as JSON at the end of standard output")
    soak.set_defaults(run=lambda it: prove.soak(it.json, it.broken, it.minutes, it.seed))

    upgrade = _add(actions, "upgrade", "replace every instance of every service while hundreds of doors report, and check what became of it")
    upgrade.add_argument("--minutes", type=_minutes, metavar="N", help="how long doors report (2); every instance has to be replaced by then")
    upgrade.add_argument("--seed", type=int, metavar="S", help="who reports what when; by chance, and shown, if not given")
    upgrade.add_argument("--from", dest="release", type=Path, metavar="FOLDER", help="begin with the jars of another release, lock-service.jar and so on")
    upgrade.add_argument("--json", action="store_true", help="the results as JSON at the end of standard output")
    upgrade.add_argument("--docker", action="store_true", help="instead: every container of a service, on LocalStack, for as long as that takes")
    upgrade.set_defaults(run=_upgrade)

    measure = _add(commands, "bench", "measure SmartDoor against raw code that makes the same AWS calls, how it starts, or how it knows faces")
    measure.add_argument(
        "what",
        nargs="?",
        choices=["startup", "faces"],
        help="instead: the time until a service is ready, and its memory, beside its plain jar; or whom the face matcher takes for whom, and its time beside plain OpenCV",
    )
    measure.add_argument("--short", action="store_true", help="of faces: a fifth of the pictures, and fewer rounds")
    measure.add_argument("--json", action="store_true", help="the results as JSON at the end of standard output")
    measure.add_argument("--tolerant", action="store_true", help="fail for a figure only if every round missed it: on a machine that has other work")
    measure.add_argument("--rounds", type=_positive, default=5, metavar="N", help="how often each thing is measured (5)")
    measure.add_argument("--only", action="append", default=[], choices=bench.PARTS, metavar="PART", help=f"one part; repeatable: {', '.join(bench.PARTS)}")
    measure.add_argument("--docs", action="store_true", help="draw the plots in docs/ anew")
    measure.set_defaults(run=_measure)


def _measure(given: argparse.Namespace) -> int:
    if given.what == "startup":
        startup.refuse(given.only, given.docs, given.tolerant)
        return startup.startup(given.json, given.rounds)
    if given.what == "faces":
        return faces.faces(given.json, given.tolerant, given.short, given.docs)
    return bench.bench(given.json, given.tolerant, given.rounds, given.only, given.docs)


def _upgrade(given: argparse.Namespace) -> int:
    if not given.docker:
        return prove.upgrade(given.json, given.minutes or prove.MINUTES, given.seed, given.release)
    if given.minutes is not None or given.release is not None:
        raise Problem("expected neither --minutes nor --from with --docker, found one: images are this checkout's, doors report as long as it takes")
    return rollout.upgrade(given.json, given.seed)


def _parts(commands: Commands) -> None:
    group = _add(commands, "stacks", "the CloudFormation stacks by themselves")
    actions = group.add_subparsers(title="actions", metavar="ACTION", required=True)
    deploy = _add(actions, "deploy", "deploy stacks into an emulator, and print their outputs as JSON")
    deploy.add_argument("stack", nargs="*", metavar="STACK", help=f"{', '.join(stacks.ALL)}, or the file of a template of your own (audit.yaml); all of ours if none is named")
    deploy.add_argument("--endpoint", required=True, metavar="URL", help="the AWS, on this machine")
    deploy.add_argument("--account", required=True, metavar="12DIGITS", type=_account, help="the emulator's account to deploy into")
    deploy.add_argument("--prefix", default="smartdoor", help="begins every name (smartdoor)")
    deploy.add_argument("--param", action="append", default=[], type=_parameter, metavar="K=V", help="a template's parameter; repeatable")
    deploy.add_argument("--settings", metavar="DIR", type=Path, help="also write the outputs, and an admin token, as files for services in containers")
    deploy.set_defaults(run=_deploy)

    emulator = _add(commands, "emulator", "run an AWS emulator for a test run, until standard input closes")
    emulator.add_argument("--port", type=_port, metavar="N", help="where to listen; a free port if not given")
    emulator.set_defaults(run=lambda it: serving.serve(it.port))


def _on_aws(commands: Commands) -> None:
    """The only commands that use the user's own credentials."""
    whole = _add(commands, "deploy", "show what would change in your AWS account, ask, and change it")
    _where(whole)
    whole.add_argument("--yes", action="store_true", help="ask nothing, as in CI; refuses to replace or remove what holds state")
    whole.set_defaults(run=lambda it: deploy.deploy(it.env, it.yes, it.endpoint))

    again = _add(commands, "replay", "put on the bus once more what passed over it; subscribers ignore what they handled before")
    _where(again)
    again.add_argument("--from", required=True, metavar="T", dest="begin", help="the first event's time (2026-11-23T07:31:04Z)")
    again.add_argument("--to", required=True, metavar="T", dest="end", help="the last event's time, at least 10 minutes ago")
    again.add_argument("--subscriber", metavar="NAME", help="notification, identification or your own; all if none is named")
    again.set_defaults(run=lambda it: replay.replay(it.env, it.begin, it.end, it.subscriber, it.endpoint))


def _where(command: argparse.ArgumentParser, required: bool = True) -> None:
    otherwise = "" if required else "; the SmartDoor that runs here if not given"
    command.add_argument("--env", required=required, metavar="NAME", help=f"infra/environments/NAME.json: account, region, network, images, sizes{otherwise}")
    command.add_argument("--endpoint", metavar="URL", help="an emulator on this machine instead, with the stacks that it knows")


def _deploy(given: argparse.Namespace) -> int:
    own = {Path(word).stem: Path(word) for word in given.stack if word.endswith(".yaml")}
    missing = [str(file) for file in own.values() if not file.is_file()]
    if missing:
        raise Problem(f"expected a template, found no file {', '.join(missing)}: correct the path")
    unknown = [word for word in given.stack if word not in stacks.ALL and not word.endswith(".yaml")]
    if unknown:
        raise Problem(f"expected a stack ({', '.join(stacks.ALL)}), found {', '.join(unknown)}: correct the name")
    endpoint = require_loopback(given.endpoint)
    if given.settings:
        configtree.check()
    names = tuple(name for name in stacks.ALL if not given.stack or name in given.stack)
    with console.step(f"deploying {', '.join([*names, *own])}"):
        cli = AwsCli.at(endpoint, given.account)
        outputs = stacks.Deployment(cli, given.account, names, given.prefix, dict(given.param), own).run()
    if given.settings:
        configtree.write(given.settings, outputs)
    print(json.dumps(outputs))
    return 0


def _account(text: str) -> str:
    if not re.fullmatch(r"\d{12}", text):
        raise argparse.ArgumentTypeError(f"expected 12 digits, found {text}")
    return text


def _parameter(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key and equals):
        raise argparse.ArgumentTypeError(f"expected NAME=VALUE, found {text}")
    return key, value


def _uuid(text: str) -> str:
    if not re.fullmatch(UUID, text.lower()):
        raise argparse.ArgumentTypeError(f"expected a UUID, found {text}")
    return text.lower()


def _time(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise argparse.ArgumentTypeError(f"expected a time with its zone (2026-11-23T07:31:04.123Z), found {text}")
    return found


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"expected a whole number, not negative, found {text}")
    return int(text)


def _text(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("expected a text, found none")
    return text


def _positive(text: str) -> int:
    found = _count(text)
    if found == 0:
        raise argparse.ArgumentTypeError("expected 1 or more, found 0")
    return found


def _minutes(text: str) -> float:
    if not re.fullmatch(r"\d{1,4}(\.\d+)?", text) or float(text) < 0.5:
        raise argparse.ArgumentTypeError(f"expected 0.5 minutes or more, found {text}")
    return float(text)


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"expected a port between 1 and 65535, found {text}")
    return int(text)
