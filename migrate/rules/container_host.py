"""No application of the server runs in a container."""

from __future__ import annotations

from inventory.model.software import CONTAINERS, Container, ContainerState
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import OWN_REASONING
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_OF_APPLICATIONS = frozenset({"cri", "docker", "podman"})


def _judge(containers: tuple[Container, ...]) -> Judgement:
    concerned = [each for each in containers if each.engine in _OF_APPLICATIONS]
    running = [each.engine for each in concerned if each.state is ContainerState.RUNNING]
    if running:
        return Flagged(observed=f"{len(running)} running by {', '.join(sorted(set(running)))}")
    untold_of = [each.name or each.id for each in concerned if each.state is None]
    if untold_of:
        because = f"whether {', '.join(untold_of)} runs was not told"
        return CannotTell(missing=(CONTAINERS,), because=because)
    return Passed()


def _container(engine: str, state: ContainerState | None) -> Container:
    return Container(engine=engine, id="0f3a", name="shop", state=state)


RULE = Rule(
    title="Applications run in containers on the server",
    why=(
        "What runs in containers can be moved by itself, without the server around it: its "
        "images run on ECS or EKS, and on Azure Container Apps or AKS."
    ),
    fix=(
        "Consider moving images and volumes to a container service instead of replicating the "
        "server."
    ),
    source=OWN_REASONING.citation,
    source_date=OWN_REASONING.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=about(CONTAINERS, _judge),
    examples=(
        flags("a running one", CONTAINERS.known((_container("docker", ContainerState.RUNNING),))),
        passes(
            "stopped ones only", CONTAINERS.known((_container("docker", ContainerState.STOPPED),))
        ),
        passes(
            "system containers only", CONTAINERS.known((_container("lxc", ContainerState.RUNNING),))
        ),
        passes("none", CONTAINERS.known(())),
        cannot_tell("whether it runs not told", CONTAINERS.known((_container("docker", None),))),
        cannot_tell("not told", untold(CONTAINERS)),
    ),
)
