"""What was filled in: fields and files of a form, read within the desk's limits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from traceledger.languages.phrases import phrase
from traceledger.web.desk.guard import is_multipart
from traceledger.web.desk.settings import DeskLimits
from traceledger.web.desk.visit import Fields, Upload
from traceledger.web.problems import ProblemError, refuse

_LONGEST_NAME = 120
Files = Mapping[str, tuple[Upload, ...]]


async def filled_in(request: Request, limits: DeskLimits, *, uploads: bool) -> tuple[Fields, Files]:
    """The fields and files of a form.

    Args:
        request: with the form.
        limits: how many, and how long.
        uploads: whether files are taken.

    Raises:
        ProblemError: it is no form, too large, or has files where none are taken.
    """
    if is_multipart(request.headers):
        if not uploads:
            raise _no_form(phrase("this form takes no files"))
        return await _parts(request, limits)
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/x-www-form-urlencoded":
        raise _no_form(phrase("this is no form"))
    body = await request.body()
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=limits.fields
        )
    except ValueError:
        raise _no_form(phrase("the form is not in UTF-8, or has too many fields")) from None
    return Fields(tuple(pairs)), {}


def asked(request: Request, limits: DeskLimits) -> Fields:
    """The parameters of an address.

    Raises:
        ProblemError: they cannot be understood.
    """
    text = request.scope["query_string"].decode("latin-1")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=limits.fields)
    except ValueError:
        raise _no_form(phrase("the parameters are not in UTF-8, or too many")) from None
    return Fields(tuple(pairs))


async def _parts(request: Request, limits: DeskLimits) -> tuple[Fields, Files]:
    pairs: list[tuple[str, str]] = []
    found: dict[str, tuple[Upload, ...]] = {}
    try:
        async with request.form(
            max_files=limits.files, max_fields=limits.fields, max_part_size=limits.field_bytes
        ) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    # A field of files that was left empty is sent as one file without a name.
                    if value.filename:
                        upload = Upload(plain_name(value.filename), await value.read())
                        found[name] = (*found.get(name, ()), upload)
                else:
                    pairs.append((name, value))
    except HTTPException as error:
        raise _no_form(phrase("the form cannot be read: {why}", why=error.detail)) from None
    return Fields(tuple(pairs)), found


def plain_name(name: str) -> str:
    r"""The name of a file that was given, of which nothing leads to another folder or acts when it is shown.

    Example:
        >>> plain_name("../../etc/pass\u202ewd"), plain_name("C:\\Docs\\Lots.XLSX"), plain_name("\x00/..")
        ('passwd', 'Lots.XLSX', 'file')
    """
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(
        each for each in last if not unicodedata.category(each).startswith(("C", "Z")) or each == " "
    )
    found = kept.strip().lstrip(".")
    if len(found) > _LONGEST_NAME:
        # The end tells what kind of file it is.
        found = found[: _LONGEST_NAME - 10] + found[-10:]
    return found or "file"


def _no_form(what: str) -> ProblemError:
    return refuse(400, "bad-form", what, hint=phrase("send the form of the page, as it is"))
