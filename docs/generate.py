"""Writes docs/reference from the plug-ins, the commands, the schemas and the error tree.

Run ``python docs/generate.py`` to write the pages anew, with ``--check`` to name those that are
stale and end with 1. Each page is a template in ``docs/templates``; what a page says is computed
from the code alone, so that the same code gives the same page.
"""  # noqa: INP001 - a script beside the pages that it writes, not a package

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import click
from jinja2 import Environment, FileSystemLoader, StrictUndefined

HERE: Final = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from inventory import errors  # noqa: E402 - the checkout's own code, whatever is installed
from inventory.model.asking import Transport  # noqa: E402
from inventory.model.cloud_calls import Provider  # noqa: E402
from inventory.model.collector import Collector  # noqa: E402
from inventory.model.exporter import Exporter  # noqa: E402
from inventory.model.importer import Importer  # noqa: E402
from inventory.model.source import Source  # noqa: E402
from inventory.registry import Plugin, Registry  # noqa: E402
from migrate.clouds import zones  # noqa: E402
from migrate.clouds.readers import readers  # noqa: E402
from migrate.console import decant  # noqa: E402
from migrate.model.action import Action  # noqa: E402
from migrate.model.check import Check  # noqa: E402
from migrate.model.reader import Reader  # noqa: E402
from migrate.model.report import Report  # noqa: E402
from migrate.model.rule import Rule  # noqa: E402
from migrate.model.verdict import Axis  # noqa: E402
from migrate.playbooks import Shelf  # noqa: E402
from migrate.zones import CONDITIONS  # noqa: E402

WIDTH: Final = 92
CHECKS: Final = Registry(package="migrate.checks", attribute="CHECK", kind=Check)
ACTIONS: Final = Registry(package="migrate.actions", attribute="ACTION", kind=Action)


def commands() -> dict[str, Any]:
    """Return every command with its help, in the order of ``decant --help``."""
    top = _context(decant, "decant", None)
    return {"top": _help(top), "commands": dict(_subcommands(decant, top))}


def collectors() -> dict[str, Any]:
    """Return the questions and the transports by which they are asked."""
    questions = Registry(package="inventory.collectors", attribute="COLLECTOR", kind=Collector)
    transports = Registry(package="inventory.transports", attribute="TRANSPORT", kind=Transport)
    return {"collectors": questions.all(), "transports": transports.all()}


def formats() -> dict[str, Any]:
    """Return the formats that are read, and those that are written."""
    importers = Registry(package="inventory.importers", attribute="IMPORTER", kind=Importer)
    exporters = Registry(package="inventory.exporters", attribute="EXPORTER", kind=Exporter)
    return {"importers": importers.all(), "exporters": exporters.all()}


def rules() -> dict[str, Any]:
    """Return the rules by axis."""
    plugins = Registry(package="migrate.rules", attribute="RULE", kind=Rule).all()
    by_axis = {
        axis: {name: each for name, each in plugins.items() if each.value.axis is axis}
        for axis in Axis
    }
    return {"axes": by_axis, "count": len(plugins)}


def checks() -> dict[str, Any]:
    """Return the checks."""
    return {"checks": CHECKS.all()}


def cloud_checks() -> dict[str, Any]:
    """Return what each check of a cloud asks of which provider, and what it comes to."""
    found = {name: each for name, each in CHECKS.all().items() if each.value.of_cloud}
    return {
        "checks": found,
        "asks": {
            name: {each: _asked(plugin.value.of_cloud.aspects, readers(each)) for each in Provider}
            for name, plugin in found.items()
        },
        "conditions": CONDITIONS.all(),
        "zones": {
            name: {each: _asked([plugin.value.aspect], zones.readers(each)) for each in Provider}
            for name, plugin in CONDITIONS.all().items()
        },
        "aws": Provider.AWS,
        "azure": Provider.AZURE,
    }


def _asked(aspects: Iterable[type], known: Mapping[type, Reader[Any]]) -> list[str]:
    """Return the calls by which some aspects are read, once each, in order."""
    return sorted({call.name for each in aspects if each in known for call in known[each].calls})


def sources() -> dict[str, Any]:
    """Return the sources that are asked as a whole."""
    registry = Registry(package="inventory.sources", attribute="SOURCE", kind=Source)
    return {"sources": registry.all()}


def actions() -> dict[str, Any]:
    """Return the actions."""
    return {"actions": ACTIONS.all()}


def reports() -> dict[str, Any]:
    """Return the reports, with the schemas of those that have one."""
    plugins = Registry(package="migrate.reports", attribute="REPORT", kind=Report).all()
    paths = {name: each.path.with_suffix(".schema.json") for name, each in plugins.items()}
    schemas = {name: _schema(path) for name, path in paths.items() if path.is_file()}
    return {"reports": plugins, "schemas": schemas}


def playbooks() -> dict[str, Any]:
    """Return the shipped playbooks and the shape that every playbook has."""
    shelf = Shelf(checks=CHECKS.all(), actions=ACTIONS.all())
    schema = _schema(Path(str(files("playbooks"))) / "playbook.schema.json")
    return {"playbooks": [shelf.read(name) for name in shelf.names()], "schema": schema}


def configuration() -> dict[str, Any]:
    """Return the shape of ``decant.toml``."""
    return {"schema": _schema(HERE.parent / "inventory" / "estate.schema.json")}


def exit_codes() -> dict[str, Any]:
    """Return the exit codes and the errors that end with each."""
    drawn = [line[4:] for line in (errors.__doc__ or "").splitlines() if line.startswith("    ")]
    return {"errors": list(_errors(errors.DecantError)), "tree": "\n".join(drawn)}


PAGES: Final[Mapping[str, Callable[[], dict[str, Any]]]] = {
    "commands": commands,
    "collectors": collectors,
    "formats": formats,
    "rules": rules,
    "checks": checks,
    "cloud-checks": cloud_checks,
    "sources": sources,
    "actions": actions,
    "reports": reports,
    "playbooks": playbooks,
    "configuration": configuration,
    "exit-codes": exit_codes,
}


def fields(schema: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return one row for each field of a JSON Schema: path, type, default, and what it is."""
    return list(_fields(schema, schema, ""))


def _fields(root: Mapping[str, Any], part: Mapping[str, Any], at: str) -> Iterator[dict[str, str]]:
    for name, given in part.get("properties", {}).items():
        field = _resolved(root, given)
        path = f"{at}.{name}" if at else name
        items = _resolved(root, field.get("items", {}))
        inner = items if "properties" in items else field
        path += "[]" if inner is items else ""
        each = _resolved(root, field.get("additionalProperties") or {})
        yield {
            "path": path,
            "type": _type(root, field),
            "default": json.dumps(field["default"]) if "default" in field else "",
            "required": "yes" if name in part.get("required", ()) else "",
            "help": field.get("description", ""),
        }
        yield from _fields(root, inner, path)
        for choice in (each, *each.get("anyOf", ())):
            yield from _fields(root, _resolved(root, choice), f"{path}.*")


def _resolved(root: Mapping[str, Any], part: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" not in part:
        return dict(part)
    found = root
    for step in str(part["$ref"]).removeprefix("#/").split("/"):
        found = found[step]
    return {**found, **{key: value for key, value in part.items() if key != "$ref"}}


def _type(root: Mapping[str, Any], field: Mapping[str, Any]) -> str:
    if "const" in field:
        return json.dumps(field["const"])
    if "enum" in field:
        return ", ".join(json.dumps(each) for each in field["enum"])
    choices = field.get("anyOf") or field.get("oneOf")
    if choices and "type" not in field:
        return " or ".join(_type(root, _resolved(root, each)) for each in choices)
    names = field.get("type", "any")
    if names == "array" and "items" in field:
        return f"list of {_type(root, _resolved(root, field['items']))}"
    return " or ".join(names) if isinstance(names, list) else str(names)


def _schema(path: Path) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def _subcommands(group: click.Group, parent: click.Context) -> Iterator[tuple[str, str]]:
    for name in group.list_commands(parent):
        command = group.get_command(parent, name)
        if command is None or command.hidden:
            continue
        context = _context(command, name, parent)
        yield context.command_path, _help(context)
        if isinstance(command, click.Group):
            yield from _subcommands(command, context)


def _context(command: click.Command, name: str, parent: click.Context | None) -> click.Context:
    widths = {"terminal_width": WIDTH, "max_content_width": WIDTH}
    settings: dict[str, Any] = {**command.context_settings, **widths}
    return click.Context(command, info_name=name, parent=parent, **settings)


def _help(context: click.Context) -> str:
    return "\n".join(line.rstrip() for line in context.get_help().splitlines())


def _errors(kind: type[errors.DecantError]) -> Iterator[type[errors.DecantError]]:
    yield kind
    for each in kind.__subclasses__():
        yield from _errors(each)


def _about(plugin: Plugin[Any]) -> str:
    """Return what a plug-in's docstring says after its first line."""
    docstring = ast.get_docstring(ast.parse(plugin.path.read_bytes())) or ""
    return docstring.partition("\n")[2].strip()


def _cell(text: object) -> str:
    return " ".join(str(text).replace("|", "\\|").split())


def render(page: str) -> str:
    """Write one page."""
    environment = Environment(  # noqa: S701 - Markdown, of our own words
        loader=FileSystemLoader(HERE / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(cell=_cell, about=_about, fields=fields)
    return environment.get_template(f"{page}.md.j2").render(PAGES[page]())


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; name the stale pages and end with 1.")
def main(*, check: bool) -> None:
    """Write the reference pages anew."""
    stale = []
    for page in PAGES:
        path, text = HERE / "reference" / f"{page}.md", render(page)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(path)
            if not check:
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8")
    for path in stale:
        click.echo(f"{'stale' if check else 'written'}: {path.relative_to(HERE.parent)}", err=True)
    if stale and check:
        click.echo("hint: run make docs, and commit what it writes", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
