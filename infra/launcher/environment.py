"""What the launcher takes from its environment, and what it gives to the programs that it starts."""

from __future__ import annotations

import ipaddress
import os
import random
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from .console import Problem

REPOSITORY = Path(__file__).resolve().parents[2]
LOOPBACK = "127.0.0.1"
LOCAL_ACCOUNT = "000000000000"
SECRET_KEY = "local"
TOKEN_LENGTH = 16  # characters; io.smartdoor.http.AdminToken refuses fewer


def _umask() -> int:
    found = os.umask(0o077)
    os.umask(found)
    return found


UMASK = _umask()
"""The user's own, for what is not ours to hide: what Maven builds and downloads."""


def region() -> str:
    return os.environ.get("AWS_REGION") or "eu-central-1"


def wants_free_ports() -> bool:
    """Whether SMARTDOOR_FREE_PORTS asks for them."""
    given = os.environ.get("SMARTDOOR_FREE_PORTS", "")
    if given not in ("", "1", "true", "0", "false"):
        raise Problem(f'expected SMARTDOOR_FREE_PORTS to be 1, true, 0 or false, found "{given}": correct it, or unset it')
    return given in ("1", "true")


def require_usable_token() -> None:
    """Finds out before anything is started what each service would refuse to start with."""
    given = os.environ.get("SMARTDOOR_ADMIN_TOKEN", "")
    if given and len(given) < TOKEN_LENGTH:
        raise Problem(
            f"expected SMARTDOOR_ADMIN_TOKEN to have {TOKEN_LENGTH} characters or more, found {len(given)}: "
            "choose a longer one, or unset it to have one made up"
        )


def fresh_account() -> str:
    """An account that nobody else uses: an emulator keeps apart what belongs to different 12-digit access keys."""
    return str(random.SystemRandom().randrange(10**11, 10**12))


def is_loopback(endpoint: str) -> bool:
    """Whether an endpoint's host can only be this machine. A name other than localhost is never asked of a resolver."""
    try:
        parts = urlsplit(endpoint)
        host = parts.hostname
        _ = parts.port  # raises where it is no number
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not host:
        return False
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def require_loopback(endpoint: str, advice: str = "correct --endpoint") -> str:
    """The endpoint, unless using it could fill somebody's real account."""
    if not is_loopback(endpoint):
        raise Problem(f"expected an AWS endpoint on this machine (http://127.0.0.1:PORT), found {endpoint}: {advice}")
    return endpoint.rstrip("/")


def given_endpoint() -> str | None:
    """The AWS that the user named by AWS_ENDPOINT_URL, if any."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    return require_loopback(endpoint, "unset AWS_ENDPOINT_URL to have an emulator started") if endpoint else None


def without_aws(environ: Mapping[str, str]) -> dict[str, str]:
    """An environment in which no profile, credential or endpoint of the user's is left, and loopback needs no proxy."""
    kept = {key: value for key, value in environ.items() if not key.startswith("AWS_")}
    if "AWS_CA_BUNDLE" in environ:
        kept["AWS_CA_BUNDLE"] = environ["AWS_CA_BUNDLE"]
    local = f"{LOOPBACK},localhost,::1"
    for key in ("NO_PROXY", "no_proxy"):
        kept[key] = f"{environ[key]},{local}" if environ.get(key) else local
    return kept


def for_aws(environ: Mapping[str, str], endpoint: str, account: str) -> dict[str, str]:
    """An environment whose AWS is the given endpoint, with credentials that are worth nothing anywhere else."""
    return without_aws(environ) | {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": region(),
        "AWS_DEFAULT_REGION": region(),  # the CLI reads no other
        "AWS_ACCESS_KEY_ID": account,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": str(Path(__file__).with_name("aws-config")),
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_PAGER": "",
    }
