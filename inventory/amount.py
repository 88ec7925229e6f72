"""A count with its noun, for people."""


def amount(count: int, one: str, many: str | None = None) -> str:
    """Write a count with its noun: ``1 server``, ``1,200 servers``.

    ``many`` is for what more is said than by an ``s``: a verb that agrees, another plural.
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"
