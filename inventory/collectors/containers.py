"""Which containers and images are on the server, by whatever engine, and what Kubernetes has there.

Nothing is started where no engine is. Docker is asked over its own socket only, whatever its
configuration says; what podman has is read from its files, because podman writes when it lists.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from inventory.collectors import _cri, _docker, _podman
from inventory.collectors._text import parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.software import (
    CONTAINER_ENGINES,
    CONTAINERS,
    IMAGES,
    KUBERNETES_ROLES,
    STATIC_PODS,
    Container,
    ContainerState,
    Image,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from inventory.model.fact import Observation

_STORE: Final = "/var/lib/containers/storage"
_PODMAN_CONTAINERS: Final = f"{_STORE}/overlay-containers/containers.json"
_PODMAN_IMAGES: Final = f"{_STORE}/overlay-images/images.json"

_SCRIPT = rf"""
echo '@@ found'
docker=
kubernetes=
lxc=
for file in /sys/fs/cgroup /run/docker.sock /var/run/docker.sock /var/lib/docker {_STORE} \
  /run/containerd/containerd.sock /run/crio/crio.sock /var/lib/kubelet /etc/kubernetes/manifests \
  /var/lib/rancher/*/server /var/lib/rancher/*/agent \
  /var/lib/lxc /var/lib/lxd/containers /var/snap/lxd/common/lxd /var/lib/incus/containers \
  /sys/fs/cgroup/machine.slice/libpod-*.scope /sys/fs/cgroup/systemd/machine.slice/libpod-*.scope \
  /sys/fs/cgroup/lxc.payload.* /sys/fs/cgroup/systemd/lxc.payload.* /sys/fs/cgroup/systemd/lxc/*; do
  if [ -e "$file" ]; then
    printf '%s\n' "$file"
    case $file in
    */docker.sock) docker=1 ;;
    /var/lib/kubelet | */manifests | */rancher/*) kubernetes=1 ;;
    /var/lib/lx* | /var/snap/lxd* | /var/lib/incus*) lxc=1 ;;
    esac
  fi
done
if [ "$docker" ] && command -v docker >/dev/null; then
  echo '@@ docker'
  privileged docker -H unix:///var/run/docker.sock ps -a --no-trunc --format '{_docker.CONTAINER_FIELDS}'
  printf '@@ docker ended %s\n' "$?"
  echo '@@ docker images'
  privileged docker -H unix:///var/run/docker.sock images --no-trunc --format '{_docker.IMAGE_FIELDS}'
fi
if [ "$kubernetes" ]; then
  echo '@@ manifests'
  privileged ls /etc/kubernetes/manifests
  if command -v crictl >/dev/null; then
    echo '@@ cri'
    privileged crictl ps -a --no-trunc
  fi
fi
if [ "$lxc" ]; then
  if [ -e /var/lib/lxc ]; then
    echo '@@ lxc'
    privileged ls /var/lib/lxc
    printf '@@ lxc ended %s\n' "$?"
  fi
  if [ -e /var/lib/lxd/containers ]; then
    echo '@@ lxc'
    privileged ls /var/lib/lxd/containers
    printf '@@ lxc ended %s\n' "$?"
  fi
  if [ -e /var/snap/lxd/common/lxd/containers ]; then
    echo '@@ lxc'
    privileged ls /var/snap/lxd/common/lxd/containers
    printf '@@ lxc ended %s\n' "$?"
  fi
  if [ -e /var/lib/incus/containers ]; then
    echo '@@ lxc'
    privileged ls /var/lib/incus/containers
    printf '@@ lxc ended %s\n' "$?"
  fi
fi
:
"""  # noqa: E501  what root is asked to run stands on one line

_ENGINES: Final = {
    "docker": ("/run/docker.sock", "/var/run/docker.sock", "/var/lib/docker"),
    "podman": (_STORE,),
    "containerd": ("/run/containerd/containerd.sock",),
    "cri-o": ("/run/crio/crio.sock",),
    "lxc": ("/var/lib/lxc",),
    "lxd": ("/var/lib/lxd/containers", "/var/snap/lxd/common/lxd"),
    "incus": ("/var/lib/incus/containers",),
}


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    if "found" not in said:
        return ()
    found = frozenset(said["found"].split("\n"))
    engines = tuple(
        sorted(name for name, places in _ENGINES.items() if not found.isdisjoint(places))
    )
    return (
        CONTAINER_ENGINES.known(engines),
        *_containers(answer, said, found, engines),
        *_kubernetes(said, found),
    )


def _containers(
    answer: Answer, said: Mapping[str, str], found: frozenset[str], engines: tuple[str, ...]
) -> tuple[Observation, Observation]:
    lacking = _lacking(answer, said, found, engines)
    if lacking:
        return CONTAINERS.unknown(*lacking), IMAGES.unknown(*lacking)
    containers = sorted(_all(answer, said, found), key=lambda each: (each.engine, each.id))
    images = (
        *_docker.read_images(said.get("docker images", "")),
        *_podman.read_images(answer.files.get(_PODMAN_IMAGES, "")),
    )
    return CONTAINERS.known(tuple(containers)), IMAGES.known(images)


def _lacking(
    answer: Answer, said: Mapping[str, str], found: frozenset[str], engines: tuple[str, ...]
) -> tuple[Reason, str] | None:
    """Say which engine did not tell; some of the containers would pass for all."""
    if "docker" in engines and "docker ended 0" not in said:
        if "docker" in said:
            return Reason.NEEDS_PRIVILEGE, "docker did not answer the account"
        return Reason.NOT_TOLD, "docker's data is there, but docker does not run"
    if any(name.startswith("lxc ended") and name != "lxc ended 0" for name in said):
        return Reason.NEEDS_PRIVILEGE, "the folder of the containers of lxc may not be listed"
    if answer.denied & {_PODMAN_CONTAINERS, _PODMAN_IMAGES}:
        return Reason.NEEDS_PRIVILEGE, "podman's files may not be read"
    if "/var/lib/kubelet" in found and "CONTAINER" not in said.get("cri", ""):
        return Reason.NEEDS_PRIVILEGE, "crictl did not tell of the containers of Kubernetes"
    return None


def _all(answer: Answer, said: Mapping[str, str], found: frozenset[str]) -> Iterator[Container]:
    names = {path.rpartition("/")[2] for path in found if path.startswith("/sys/fs/cgroup/")}
    running = frozenset(
        name.removeprefix("libpod-").removesuffix(".scope").removeprefix("lxc.payload.")
        for name in names
    )
    yield from _docker.read_containers(said.get("docker", ""))
    yield from _podman.read_containers(answer.files.get(_PODMAN_CONTAINERS, ""), running)
    yield from _cri.read_cri(said.get("cri", ""))
    for name in sorted(set(said.get("lxc", "").split())):
        state = ContainerState.RUNNING if name in running else ContainerState.STOPPED
        yield Container(engine="lxc", id=name, name=name, state=state)


def _kubernetes(said: Mapping[str, str], found: frozenset[str]) -> tuple[Observation, Observation]:
    files = said.get("manifests", "").split()
    pods = tuple(
        sorted(name.rpartition(".")[0] for name in files if name.endswith((".yaml", ".json")))
    )
    server = any(
        path.startswith("/var/lib/rancher/") and path.endswith("/server") for path in found
    )
    roles = []
    if server or "kube-apiserver" in pods:
        roles.append("control-plane")
    if "/var/lib/kubelet" in found or any(path.startswith("/var/lib/rancher/") for path in found):
        roles.append("node")
    hidden = "/etc/kubernetes/manifests" in found and not files
    if hidden:
        return (
            KUBERNETES_ROLES.known_or(tuple(roles) or None, Reason.NEEDS_PRIVILEGE),
            STATIC_PODS.unknown(Reason.NEEDS_PRIVILEGE, "the kubelet's manifests were not shown"),
        )
    return KUBERNETES_ROLES.known(tuple(roles)), STATIC_PODS.known(pods)


COLLECTOR = Collector(
    guarded=(_PODMAN_CONTAINERS, _PODMAN_IMAGES),
    script=_SCRIPT,
    tidy=True,
    tells=(CONTAINER_ENGINES, CONTAINERS, IMAGES, KUBERNETES_ROLES, STATIC_PODS),
    read=_read,
    examples=(
        Example(
            system="debian 12 with docker 24 and a compose project (format as documented)",
            text=(
                "@@ found\n/sys/fs/cgroup\n/run/docker.sock\n/var/lib/docker\n"
                "/run/containerd/containerd.sock\n@@ docker\n"
                "4f0c\tshop-web-1\tnginx:1.25\tUp 3 days (healthy)\t"
                "2024-06-10 08:13:20 +0200 CEST\t0.0.0.0:8080->80/tcp, :::8080->80/tcp\t"
                "shop_default\tshop_data,/srv/shop\tshop\tweb\n"
                "9a1b\told\tbusybox\tExited (0) 2 weeks ago\t2024-05-01 00:00:00 +0000 UTC\t\t"
                "bridge\t\t\t\n"
                "@@ docker ended 0\n@@ docker images\n"
                "sha256:e4\tnginx\t1.25\t187MB\t2024-05-03 21:49:10 +0000 UTC\n"
                "sha256:e4\tnginx\tlatest\t187MB\t2024-05-03 21:49:10 +0000 UTC\n"
                "sha256:65\t<none>\t<none>\t4.26MB\t2024-05-03 21:49:10 +0000 UTC\n"
            ),
            expected=(
                CONTAINER_ENGINES.known(("containerd", "docker")),
                CONTAINERS.known(
                    (
                        Container(
                            engine="docker",
                            id="4f0c",
                            name="shop-web-1",
                            image="nginx:1.25",
                            state=ContainerState.RUNNING,
                            status="Up 3 days (healthy)",
                            ports=("0.0.0.0:8080->80/tcp", ":::8080->80/tcp"),
                            networks=("shop_default",),
                            mounts=("shop_data", "/srv/shop"),
                            project="shop",
                            service="web",
                            created_at=datetime(2024, 6, 10, 6, 13, 20, tzinfo=UTC),
                        ),
                        Container(
                            engine="docker",
                            id="9a1b",
                            name="old",
                            image="busybox",
                            state=ContainerState.STOPPED,
                            status="Exited (0) 2 weeks ago",
                            networks=("bridge",),
                            created_at=datetime(2024, 5, 1, tzinfo=UTC),
                        ),
                    )
                ),
                IMAGES.known(
                    (
                        Image(
                            engine="docker",
                            id="sha256:65",
                            size="4.26MB",
                            created_at=datetime(2024, 5, 3, 21, 49, 10, tzinfo=UTC),
                        ),
                        Image(
                            engine="docker",
                            id="sha256:e4",
                            names=("nginx:1.25", "nginx:latest"),
                            size="187MB",
                            created_at=datetime(2024, 5, 3, 21, 49, 10, tzinfo=UTC),
                        ),
                    )
                ),
                KUBERNETES_ROLES.known(()),
                STATIC_PODS.known(()),
            ),
        ),
        Example(
            system="debian 12 with docker, as a user who may not ask it",
            text=(
                "@@ found\n/sys/fs/cgroup\n/run/docker.sock\n"
                "@@ docker\n@@ docker ended 1\n@@ docker images\n"
            ),
            expected=(
                CONTAINER_ENGINES.known(("docker",)),
                CONTAINERS.unknown(Reason.NEEDS_PRIVILEGE, "docker did not answer the account"),
            ),
        ),
        Example(
            system="rhel 9 with podman (format as documented)",
            text=(
                f"@@ found\n/sys/fs/cgroup\n{_STORE}\n"
                "/sys/fs/cgroup/machine.slice/libpod-d1f6.scope\n"
            ),
            files={
                _PODMAN_CONTAINERS: (
                    '[{"id":"d1f6","names":["web"],"image":"a7be","layer":"b1",'
                    '"metadata":"{\\"image-name\\":\\"docker.io/library/nginx:latest\\",'
                    '\\"name\\":\\"web\\"}","created":"2024-06-10T06:13:20.123456789Z"}]'
                ),
                _PODMAN_IMAGES: (
                    '[{"id":"a7be","names":["docker.io/library/nginx:latest"],'
                    '"created":"2024-05-03T19:49:21Z"}]'
                ),
            },
            expected=(
                CONTAINERS.known(
                    (
                        Container(
                            engine="podman",
                            id="d1f6",
                            name="web",
                            image="docker.io/library/nginx:latest",
                            state=ContainerState.RUNNING,
                            created_at=datetime(2024, 6, 10, 6, 13, 20, tzinfo=UTC),
                        ),
                    )
                ),
                IMAGES.known(
                    (
                        Image(
                            engine="podman",
                            id="a7be",
                            names=("docker.io/library/nginx:latest",),
                            created_at=datetime(2024, 5, 3, 19, 49, 21, tzinfo=UTC),
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="rhel 9 with podman, as a user",
            text=f"@@ found\n/sys/fs/cgroup\n{_STORE}\n",
            denied=frozenset({_PODMAN_CONTAINERS}),
            expected=(
                CONTAINERS.unknown(Reason.NEEDS_PRIVILEGE, "podman's files may not be read"),
            ),
        ),
        Example(
            system="a control plane of Kubernetes 1.29 (format as documented)",
            text=(
                "@@ found\n/sys/fs/cgroup\n/run/containerd/containerd.sock\n/var/lib/kubelet\n"
                "/etc/kubernetes/manifests\n@@ manifests\netcd.yaml\nkube-apiserver.yaml\n@@ cri\n"
                "CONTAINER           IMAGE               CREATED             STATE    "
                "           NAME                ATTEMPT             POD ID              POD\n"
                "1f73f2d81bf98       sha256:1ab2         2 hours ago         Running  "
                "           etcd                0                   e30d5cc3ff5e9       etcd-cp-1\n"
            ),
            expected=(
                CONTAINERS.known(
                    (
                        Container(
                            engine="cri",
                            id="1f73f2d81bf98",
                            name="etcd",
                            image="sha256:1ab2",
                            state=ContainerState.RUNNING,
                            status="Running",
                            pod="etcd-cp-1",
                        ),
                    )
                ),
                KUBERNETES_ROLES.known(("control-plane", "node")),
                STATIC_PODS.known(("etcd", "kube-apiserver")),
            ),
        ),
        Example(
            system="debian 12 with lxc (format as documented)",
            text=(
                "@@ found\n/sys/fs/cgroup\n/var/lib/lxc\n/sys/fs/cgroup/lxc.payload.build\n"
                "@@ lxc\nbuild\nspare\n@@ lxc ended 0\n"
            ),
            expected=(
                CONTAINERS.known(
                    (
                        Container(
                            engine="lxc", id="build", name="build", state=ContainerState.RUNNING
                        ),
                        Container(
                            engine="lxc", id="spare", name="spare", state=ContainerState.STOPPED
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="a server without containers",
            text="@@ found\n/sys/fs/cgroup\n",
            expected=(
                CONTAINER_ENGINES.known(()),
                CONTAINERS.known(()),
                IMAGES.known(()),
            ),
        ),
    ),
)
