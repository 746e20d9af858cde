"""What the fields of values and models hold, in words, for help, schemas and manual.

A field is described by the string under it, otherwise by its type: the string under
a new type, a description that it is annotated with, or the first line of a class.
"""

import ast
import inspect
import sys
from collections.abc import Iterator
from dataclasses import is_dataclass
from functools import cache
from itertools import pairwise
from typing import Annotated, Any, NewType, get_args, get_origin, get_type_hints

from pydantic import BaseModel, WithJsonSchema
from pydantic.fields import FieldInfo


@cache
def described(form: type) -> dict[str, str]:
    """Field -> its description, for each field that has one."""
    found: dict[str, str] = {}
    for name, hint in get_type_hints(form, include_extras=True).items():
        texts = map(_description, _types(hint))
        if text := next(filter(None, texts), None):
            found[name] = text
    for one in reversed(form.__mro__):
        found |= _docstrings(one.__module__).get(one.__name__, {})
    return found


def _types(hint: Any) -> Iterator[Any]:
    """What a type is annotated with, itself, and the same of those inside it."""
    if get_origin(hint) is Annotated:
        yield from hint.__metadata__
    yield hint
    for one in get_args(hint):
        yield from _types(one)


def _description(one: Any) -> str | None:
    if isinstance(one, NewType):
        return _docstrings(one.__module__ or "").get("", {}).get(one.__name__)
    if isinstance(one, FieldInfo):
        return one.description
    if isinstance(one, WithJsonSchema):
        return (one.json_schema or {}).get("description")
    if isinstance(one, type) and (is_dataclass(one) or issubclass(one, BaseModel)):
        return (one.__doc__ or "").partition("\n")[0]
    return None


@cache
def _docstrings(module: str) -> dict[str, dict[str, str]]:
    """Class -> field -> the string under it; under "" those of the module's names."""
    if module in ("builtins", "pydantic.main"):
        return {}
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    classes = [one for one in tree.body if isinstance(one, ast.ClassDef)]
    return {
        name: {
            target.id: " ".join(under.value.value.split())
            for field, under in pairwise(body)
            if isinstance(field, ast.Assign | ast.AnnAssign)
            and isinstance(under, ast.Expr)
            and isinstance(under.value, ast.Constant)
            and isinstance(under.value.value, str)
            for target in ast.walk(field)
            if isinstance(target, ast.Name) and isinstance(target.ctx, ast.Store)
        }
        for name, body in (("", tree.body), *((c.name, c.body) for c in classes))
    }
