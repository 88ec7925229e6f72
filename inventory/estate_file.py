"""Finds, reads and makes estate folders; every fault in ``decant.toml`` is named by its place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

from inventory.errors import BadInputError, Place, UsageError
from inventory.estate import (
    DATABASE_NAME,
    FILE_NAME,
    CloudTables,
    DiscoverySettings,
    Estate,
    FreezeSettings,
    MoveSettings,
    Partner,
    Person,
    SigningSettings,
)
from inventory.estate_costs import cost_settings, on_premise
from inventory.estate_faults import check, wrong
from inventory.estate_zones import landing_zones
from inventory.model.mark import Mark, MarkSettings
from inventory.model.site import Site
from inventory.secret import Reference


def find_estate(given: Path | None, environment: Mapping[str, str], here: Path) -> Path:
    """Return the estate folder: the one given, ``DECANT_ESTATE``, or the nearest one upwards.

    Raises:
        UsageError: there is none.

    """
    named = given or (
        Path(environment["DECANT_ESTATE"]) if environment.get("DECANT_ESTATE") else None
    )
    if named is not None:
        if (named / FILE_NAME).is_file():
            return named.resolve()
        raise UsageError(
            f"{named} is no estate: it has no {FILE_NAME}", hint=f"decant init {named}"
        )
    for folder in (here, *here.parents):
        if (folder / FILE_NAME).is_file():
            return folder.resolve()
    raise UsageError(
        f"there is no estate here: no {FILE_NAME} in {here} or above it",
        hint="decant init makes one; --estate DIR or DECANT_ESTATE names one elsewhere",
    )


def read_estate(folder: Path, environment: Mapping[str, str]) -> Estate:
    """Read an estate folder's ``decant.toml``, and lay the environment over it.

    ``DECANT_DATABASE`` (a URL), ``DECANT_TARGETS``, ``DECANT_IDENTITY`` and ``DECANT_KNOWN_HOSTS``
    (parted by commas), ``DECANT_SSH_CONFIG``, ``DECANT_PASSPHRASE_FROM`` and
    ``DECANT_PASSWORD_FROM``, ``DECANT_SIGNING_KEY`` and ``DECANT_SIGNING_PASSPHRASE_FROM`` stand
    in place of what the file says.

    Raises:
        UsageError: a variable that should name where a secret is does not.
        BadInputError: the file cannot be read or something in it is wrong; the place names line
            and field as far as they can be found.

    """
    path = folder / FILE_NAME
    text = _text(path)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(path, error) from error
    check(table, path, text)
    return _estate(folder, table, environment, path, text)


def make_estate(folder: Path, name: str) -> Path:
    """Make an estate folder with a commented ``decant.toml``, and return the file's path.

    Raises:
        UsageError: there is one already; it is left as it is.
        BadInputError: the folder cannot be made.

    """
    path = folder / FILE_NAME
    template = files("inventory").joinpath("estate.template.toml").read_text(encoding="utf-8")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(template.replace("{name}", name.replace("\\", "").replace('"', "'")))
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text(f"{DATABASE_NAME}*\n", encoding="utf-8")
    except FileExistsError as error:
        hint = "it is left as it is; edit it, or choose another folder"
        raise UsageError(f"{path} is there already", hint=hint) from error
    except OSError as error:
        raise BadInputError(f"cannot make {folder}: {error.strerror}") from error
    return path


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadInputError("it is not UTF-8", place=Place(file=path)) from error
    except OSError as error:
        raise BadInputError(f"cannot be read: {error.strerror}", place=Place(file=path)) from error


def _not_toml(path: Path, error: tomllib.TOMLDecodeError) -> BadInputError:
    where = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    place = Place(
        file=path,
        line=int(where[1]) if where else None,
        column=int(where[2]) if where else None,
    )
    words = re.sub(r" \(at .*\)$", "", str(error))
    return BadInputError(f"not TOML: {words}", place=place)


def _estate(
    folder: Path, table: Mapping[str, Any], environment: Mapping[str, str], path: Path, text: str
) -> Estate:
    about = table["estate"]
    rate = about.get("usd_to_gbp")
    url = environment.get("DECANT_DATABASE") or table.get("database", {}).get("url")
    return Estate(
        folder=folder,
        name=about["name"],
        database=_database(folder, url),
        hub_opens=_date(about, "hub_opens", path, text),
        usd_to_gbp=None if rate is None else Decimal(str(rate)),
        usd_to_gbp_date=_date(about, "usd_to_gbp_date", path, text),
        partners=tuple(
            Partner(
                name=each["name"],
                share=Decimal(str(each["share"])),
            )
            for each in table.get("partners", ())
        ),
        people=tuple(_person(each) for each in table.get("people", ())),
        signing=_signing(table.get("signing", {}), environment),
        freezes=tuple(
            _freeze(each, path, text, n) for n, each in enumerate(table.get("freezes", ()))
        ),
        anchors=tuple(table.get("ledger", {}).get("anchors", ())),
        notify=tuple(table.get("notify", ())),
        discovery=_discovery(folder, table.get("discovery", {}), environment),
        sites=tuple(_site(each) for each in table.get("sites", ())),
        clouds=CloudTables(aws=table.get("aws", {}), azure=table.get("azure", {})),
        policy=table.get("policy", {}),
        sizing=table.get("sizing", {}),
        landing_zones=landing_zones(table, path, text),
        moves=tuple(_move(each) for each in table.get("moves", ())),
        applications=_applications(table.get("applications", ())),
        marks=tuple(_marks(each) for each in table.get("marks", ())),
        costs=cost_settings(table["costs"]) if "costs" in table else None,
        on_premise=on_premise(table, path, text),
    )


def _database(folder: Path, url: str | None) -> str:
    if url is None:
        return f"sqlite:///{folder / DATABASE_NAME}"
    if url.startswith("sqlite:///") and not url.startswith("sqlite:////"):
        return f"sqlite:///{folder / url.removeprefix('sqlite:///')}"
    return url


def _date(table: Mapping[str, Any], name: str, path: Path, text: str) -> date | None:
    value = table.get(name)
    if value is None or type(value) is date:
        return value
    message = f"{value!r} is no date"
    raise wrong(path, text, ("estate", name), message, "write it without quotes: 2027-09-01")


def _discovery(
    folder: Path, table: Mapping[str, Any], environment: Mapping[str, str]
) -> DiscoverySettings:
    def listed(name: str, variable: str) -> tuple[str, ...]:
        given = environment.get(variable)
        if given:
            return tuple(word.strip() for word in given.split(",") if word.strip())
        return tuple(table.get(name, ()))

    def paths(texts: tuple[str, ...]) -> tuple[Path, ...]:
        return tuple(folder / Path(text).expanduser() for text in texts)

    def reference(name: str, variable: str) -> Reference | None:
        text = environment.get(variable) or table.get(name)
        try:
            return Reference.parse(text) if text else None
        except UsageError as error:
            raise UsageError(f"{variable}: {error}", hint=error.hint) from error

    return DiscoverySettings(
        targets=listed("targets", "DECANT_TARGETS"),
        identity=paths(listed("identity", "DECANT_IDENTITY")),
        known_hosts=paths(listed("known_hosts", "DECANT_KNOWN_HOSTS")),
        ssh_config=_ssh_config(
            folder, environment.get("DECANT_SSH_CONFIG") or table.get("ssh_config")
        ),
        passphrase=reference("passphrase_from", "DECANT_PASSPHRASE_FROM"),
        password=reference("password_from", "DECANT_PASSWORD_FROM"),
        sudo=bool(table.get("sudo", False)),
        at_once=int(table.get("at_once", 32)),
        rate=table.get("rate"),
    )


def _ssh_config(folder: Path, text: str | None) -> tuple[Path, ...] | None:
    if text is None:
        return None
    return () if text == "none" else (folder / Path(text).expanduser(),)


def _person(table: Mapping[str, Any]) -> Person:
    return Person(
        name=table["name"],
        partner=table["partner"],
        key=table["key"],
        roles=tuple(table.get("roles", ())),
    )


def _signing(table: Mapping[str, Any], environment: Mapping[str, str]) -> SigningSettings:
    given = environment.get("DECANT_SIGNING_PASSPHRASE_FROM") or table.get("passphrase_from")
    return SigningSettings(
        key=environment.get("DECANT_SIGNING_KEY") or table.get("key"),
        passphrase=Reference.parse(given) if given else None,
        trusted=tuple(table.get("trusted", ())),
    )


def _freeze(table: Mapping[str, Any], path: Path, text: str, position: int) -> FreezeSettings:
    start, end = table["from"], table["until"]
    for name, value in (("from", start), ("until", end)):
        if type(value) is not date:
            hint = "write it without quotes: 2027-03-25"
            raise wrong(path, text, ("freezes", position, name), f"{value!r} is no date", hint)
    if end < start:
        message = "the freeze ends before it begins"
        raise wrong(path, text, ("freezes", position, "until"), message)
    return FreezeSettings(start=start, end=end, why=table["why"])


def _site(table: Mapping[str, Any]) -> Site:
    return Site(
        name=table["name"],
        networks=tuple(table.get("networks", ())),
        servers=tuple(table.get("servers", ())),
        jump=table.get("jump"),
        rate=table.get("rate"),
    )


def _applications(tables: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    grouped: dict[str, tuple[str, ...]] = {}
    for each in tables:
        grouped[each["name"]] = (*grouped.get(each["name"], ()), *each["servers"])
    return grouped


def _marks(table: Mapping[str, Any]) -> MarkSettings:
    return MarkSettings(
        marks=tuple(Mark(each) for each in table["marks"]),
        servers=tuple(table.get("servers", ())),
        applications=tuple(table.get("applications", ())),
    )


def _move(table: Mapping[str, Any]) -> MoveSettings:
    return MoveSettings(
        server=table["server"],
        to=table["to"],
        replacement=table.get("replacement"),
        resource=table.get("instance") or table.get("vm") or table.get("resource"),
        playbook=table.get("playbook"),
        wave=table.get("wave"),
        owner=table.get("owner"),
        partners=tuple(table.get("partners", ())),
        parameters=table.get("parameters", {}),
    )
