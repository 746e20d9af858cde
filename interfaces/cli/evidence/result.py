"""`premium result`: what was measured, set right or attributed."""

from datetime import date

from interfaces.cli import outcomes
from interfaces.cli.evidence.result_decide import judge_again
from interfaces.cli.exits import Misused
from interfaces.cli.options import WRITE, Write
from interfaces.cli.questions.impact import key_and_subject
from interfaces.cli.session import Session
from ledger.recorded import result_stream


def attribute(
    result: str,
    bodies: tuple[str, ...] = (),
    /,
    *,
    nobody: bool = False,
    published_on: date | None = None,
    write: Write = WRITE,
    session: Session,
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
        raise Misused("for whom? name groups, or give --nobody: one of them")
    data = {
        "measure": measure,
        "period": period,
        "provider": provider,
        "bodies": bodies,
        "published_on": published_on,
    }
    return outcomes.given(session, "publish-attribution", data, write)


def correct(
    result: str,
    /,
    *,
    value: str,
    reason: str,
    numerator: str | None = None,
    denominator: str | None = None,
    unit: str | None = None,
    published_on: date | None = None,
    decide: bool = False,
    write: Write = WRITE,
    session: Session,
) -> int:
    """Record that a result is another than was recorded.

    What rests on it stands until it is judged again; premium impact shows who moves.
    With --decide it is judged again, and awards calculated again, in the same commit:
    of every body that the result counts for, or of none.

    Parameters
    ----------
    result
        The result: measure/subject/period, its stream, or one of its records.
    value
        What it is: a whole number, a decimal, or an exact fraction such as 1/3.
    reason
        Why, in words; kept beside the log.
    numerator
        Of which it is the quotient, if published.
    denominator
        By which the numerator is divided, if published.
    unit
        Unit of the value; otherwise that of what was recorded.
    published_on
        The day the correction was published.
    decide
        Also judge again all that was judged on it, and calculate those awards again.
    """
    (measure, period), subject = key_and_subject(result)
    stream = session.ledger.stream(result_stream(measure, subject, period))
    recorded = stream[-1].fact if stream else None
    data = {
        "measure": measure,
        "subject": subject,
        "period": period,
        "value": value,
        "unit": unit or getattr(recorded, "unit", "not-recorded"),
        "numerator": numerator,
        "denominator": denominator,
        "published_on": published_on,
        "reason": reason,
    }
    asked = outcomes.request(session, "correct-result", data, write)
    if decide:
        return judge_again(session, asked, (measure, period), subject, write)
    return outcomes.answer(session, asked, write)
