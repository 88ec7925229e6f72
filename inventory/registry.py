"""A folder of files is a registry: each file is one plug-in, named as the file is.

A plug-in file has a module docstring, whose first line is the plug-in's help, and one frozen
value under the attribute that its registry asks for (``COLLECTOR``, ``RULE`` …). Files and
folders that begin with ``_`` are no plug-ins. The same loader serves Decant's own packages and a
user's own folder; whatever cannot be used stops the run and names the file.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from inventory.errors import Place, PluginError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Plugin(Generic[T]):
    """One loaded plug-in."""

    name: str
    """The file's name without its ending."""
    help: str
    """The first line of the module docstring."""
    value: T
    path: Path


@dataclass(frozen=True, kw_only=True)
class Registry(Generic[T]):
    """The plug-ins of one kind.

    ``package`` is the importable folder of Decant's own, ``attribute`` the name that each file
    must define, ``kind`` the class its value must have.
    """

    package: str
    attribute: str
    kind: type[T]

    def names(self) -> tuple[str, ...]:
        """Return the names of Decant's own plug-ins, in order, importing none of them."""
        return tuple(path.stem.replace("_", "-") for path in _files(self._folder()))

    def help(self, name: str) -> str:
        """Return a plug-in's help without importing it.

        Raises:
            PluginError: the file is missing, not Python, or has no docstring.

        """
        return _help(self._folder() / f"{name.replace('-', '_')}.py")

    def one(self, name: str) -> Plugin[T]:
        """Load one of Decant's own plug-ins.

        Raises:
            PluginError: it is missing or cannot be used.

        """
        path = self._folder() / f"{name.replace('-', '_')}.py"
        if not path.is_file():
            raise PluginError(f"there is no {name!r} in {self.package}", place=Place(file=path))
        return self._plugin(path, _import(f"{self.package}.{path.stem}", path))

    def all(self, *own_folders: Path) -> dict[str, Plugin[T]]:
        """Load every plug-in: Decant's own, then those of each of the user's folders.

        A user's folder that does not exist is passed over; one that is there must be usable.

        Raises:
            PluginError: a file cannot be used, a name is taken twice, or a folder is empty.

        """
        found: dict[str, Plugin[T]] = {}
        for path in _files(self._folder()):
            plugin = self._plugin(path, _import(f"{self.package}.{path.stem}", path))
            found[plugin.name] = plugin
        for folder in own_folders:
            for plugin in self._own(folder):
                if plugin.name in found:
                    raise PluginError(
                        f"the name {plugin.name!r} is taken by {found[plugin.name].path}",
                        hint="rename the file",
                        place=Place(file=plugin.path),
                    )
                found[plugin.name] = plugin
        return found

    def _folder(self) -> Path:
        spec = importlib.util.find_spec(self.package)
        locations = list(spec.submodule_search_locations or []) if spec else []
        if not locations:
            raise PluginError(f"the package {self.package} is not there")
        return Path(locations[0])

    def _own(self, folder: Path) -> Iterator[Plugin[T]]:
        if not folder.exists():
            return
        for path in _files(folder):
            name = f"_decant_own.{self.attribute.lower()}.{path.stem}"
            spec = importlib.util.spec_from_file_location(name, path)
            if spec is None or spec.loader is None:
                raise PluginError("this is not a Python file", place=Place(file=path))
            module = importlib.util.module_from_spec(spec)
            sys.modules[name] = module
            try:
                spec.loader.exec_module(module)
            except Exception as error:
                del sys.modules[name]
                raise _broken(path, error) from error
            yield self._plugin(path, module)

    def _plugin(self, path: Path, module: ModuleType) -> Plugin[T]:
        value = getattr(module, self.attribute, None)
        if not isinstance(value, self.kind):
            raise PluginError(
                f"it must define {self.attribute} as a {self.kind.__name__}",
                hint=f"see docs/architecture.md for how to add a {self.kind.__name__.lower()}",
                place=Place(file=path),
            )
        line = _first_line(module.__doc__, path)
        return Plugin(name=path.stem.replace("_", "-"), help=line, value=value, path=path)


def _files(folder: Path) -> list[Path]:
    files = sorted(path for path in folder.glob("*.py") if not path.name.startswith("_"))
    if not files:
        raise PluginError("the folder holds no plug-in", place=Place(file=folder))
    return files


def _import(name: str, path: Path) -> ModuleType:
    try:
        return importlib.import_module(name)
    except Exception as error:
        raise _broken(path, error) from error


def _broken(path: Path, error: Exception) -> PluginError:
    line = getattr(error, "lineno", None)
    return PluginError(
        f"cannot be loaded: {type(error).__name__}: {error}",
        hint="mend or remove the file; nothing is judged with a part missing",
        place=Place(file=path, line=line if isinstance(line, int) else None),
    )


def _help(path: Path) -> str:
    try:
        docstring = ast.get_docstring(ast.parse(path.read_bytes()))
    except (OSError, SyntaxError, ValueError) as error:
        raise _broken(path, error) from error
    return _first_line(docstring, path)


def _first_line(docstring: str | None, path: Path) -> str:
    if not docstring:
        raise PluginError(
            "it needs a docstring, whose first line is its help", place=Place(file=path)
        )
    return docstring.strip().split("\n", 1)[0].rstrip(".")
