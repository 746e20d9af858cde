"""`premium result attribute`: for which groups one provider's result counts."""

from datetime import date
from typing import Annotated

from cyclopts import Parameter

from interfaces.cli import printing as printed
from interfaces.cli.questions.impact import key_and_subject
from interfaces.cli.session import WRITE, Exit, Here, Stop, Writing


def attribute(
    result: str,
    bodies: tuple[str, ...] = (),
    /,
    *,
    nobody: Annotated[bool, Parameter(negative="")] = False,
    published_on: date | None = None,
    write: Writing = WRITE,
    here: Here,
) -> int:
    """Publish for which groups a provider's result counts as their own.

    The groups named replace those named before for the same provider, measure and
    period. What was judged stands until it is judged again.

    Parameters
    ----------
    result
        The provider's result: measure/provider/period, or its stream.
    bodies
        Codes of the groups it counts for.
    nobody
        It counts for no group any more; in place of codes.
    published_on
        The day the attribution was published.
    """
    (measure, period), provider = key_and_subject(result)
    if nobody is bool(bodies):
        raise Stop(Exit.USAGE, "for whom? name groups, or give --nobody: one of them")
    data = {
        "measure": measure,
        "period": period,
        "provider": provider,
        "bodies": bodies,
        "published_on": published_on,
    }
    asked = here.request("publish-attribution", data, write)
    return printed.answered(here, (here.give(asked, write),), write)
