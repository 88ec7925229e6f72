"""A target is read from what a user types, and written as a user would type it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.errors import UsageError
from inventory.model.target import Target


@pytest.mark.parametrize(
    ("typed", "host", "port", "user"),
    [
        ("web-1", "web-1", 22, None),
        ("root@web-1", "web-1", 22, "root"),
        ("ssh://root@web-1.example:2222", "web-1.example", 2222, "root"),
        ("ssh://10.0.0.4/", "10.0.0.4", 22, None),
        ("ssh://[2001:db8::1]:2222", "2001:db8::1", 2222, None),
        ("WEB-1", "web-1", 22, None),
    ],
)
def test_ssh_targets_are_read(typed: str, host: str, port: int, user: str | None) -> None:
    """A name, an address, a user and a port are understood in every usual form."""
    assert Target.parse(typed) == Target(transport="ssh", host=host, port=port, user=user)


def test_local_and_recorded_targets_are_read() -> None:
    """This machine, and a recording, need no server."""
    assert Target.parse("local") == Target(transport="local")
    assert Target.parse("recorded://a/b.txt") == Target(transport="recorded", host="a/b.txt")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("winrm://web-1", "no transport 'winrm'"),
        ("ssh://root:hunter2@web-1", "a password has no place here"),
        ("ssh://web-1/folder", "nothing may follow the port"),
        ("ssh://web-1:0", "port 0"),
        ("ssh://web-1:99999", "ort"),
        ("ssh://", "not a host name"),
        ("-oProxyCommand=evil", "not a host name"),
        ("web 1", "not a host name"),
    ],
)
def test_what_is_no_target_is_said_to_be_none(typed: str, why: str) -> None:
    """The message says what is wrong, and never repeats a password."""
    with pytest.raises(UsageError, match=why) as caught:
        Target.parse(typed)
    assert "hunter2" not in str(caught.value)
    assert caught.value.hint


HOSTS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True) | st.ip_addresses(
    v=6
).map(str)


@given(
    host=HOSTS,
    port=st.integers(min_value=1, max_value=65535),
    user=st.none() | st.from_regex(r"[a-z][a-z0-9_-]{0,10}", fullmatch=True),
)
def test_what_is_written_is_read_back(host: str, port: int, user: str | None) -> None:
    """The written form of a target is that target."""
    target = Target(transport="ssh", host=host, port=port, user=user)
    assert Target.parse(str(target)) == target
