"""Who uses whom as a picture: the text that Graphviz or Mermaid draws."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from inventory.model.application import ApplicationDependency, Dependency
from inventory.printable import printable

Name = Callable[[str], str]

_OF: Final = "\0"
"""What parts server and application in an end's name: neither holds it."""


def dot(dependencies: Iterable[Dependency], name: Name) -> str:
    """Return the graph for Graphviz: ``decant connections --graph dot | dot -Tsvg``."""
    return "\n".join(("digraph decant {", "  rankdir=LR;", *_dot_lines(dependencies, name), "}"))


def mermaid(dependencies: Iterable[Dependency], name: Name) -> str:
    """Return the graph for Mermaid, as Markdown pages draw it."""
    edges = list(_edges(dependencies))
    numbers = _numbers(edges)
    ends = [f"  n{number}[{_mermaid(name(end))}]" for end, number in numbers.items()]
    arrows = [
        f"  n{numbers[client]} -->|{_mermaid(label)}| n{numbers[server]}"
        for client, server, label in edges
    ]
    return "\n".join(("graph LR", *ends, *arrows))


GRAPHS: Final[Mapping[str, Callable[[Iterable[Dependency], Name], str]]] = {
    "dot": dot,
    "mermaid": mermaid,
}


def application_edges(links: Iterable[ApplicationDependency]) -> Iterator[Dependency]:
    """Yield which application uses which as edges whose ends name server and application."""
    for each in links:
        yield Dependency(
            client=f"{each.client}{_OF}{each.client_application or ''}",
            server=f"{each.server}{_OF}{each.server_application or ''}",
            protocol=each.protocol,
            port=each.port,
            process=None,
            connections=each.connections,
        )


def application_name(name: Name) -> Name:
    """Return how an end of :func:`application_edges` is called: the application on its server."""

    def named(end: str) -> str:
        server, _, application = end.partition(_OF)
        return f"{application} on {name(server)}" if application else name(server)

    return named


def _dot_lines(dependencies: Iterable[Dependency], name: Name) -> Iterator[str]:
    edges = list(_edges(dependencies))
    numbers = _numbers(edges)
    for end, number in numbers.items():
        shape = ", style=dashed" if end.startswith("outside:") else ""
        yield f"  n{number} [label={_dot(name(end))}{shape}];"
    for client, server, label in edges:
        yield f"  n{numbers[client]} -> n{numbers[server]} [label={_dot(label)}];"


def _edges(dependencies: Iterable[Dependency]) -> Iterator[tuple[str, str, str]]:
    for each in dependencies:
        process = f" {each.process}" if each.process else ""
        yield each.client, each.server, f"{each.port}/{each.protocol}{process}"


def _numbers(edges: list[tuple[str, str, str]]) -> dict[str, int]:
    ends = dict.fromkeys(end for edge in edges for end in edge[:2])
    return {end: number for number, end in enumerate(ends)}


def _dot(text: str) -> str:
    escaped = printable(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _mermaid(text: str) -> str:
    escaped = printable(text).replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;")
    return f'"{escaped}"'
