"""How counts are put to people."""


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number of things, in words that agree with it: `1 record`, `2,038 records`.

    Args:
        one: What one of them is called.
        many: What several are; None: the same with an s.
    """
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
