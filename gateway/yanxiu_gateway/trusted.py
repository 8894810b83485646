"""Trusted documents: what each registered front-end app may ask, by the hash of its text.

A folder holds one file for each app, `<app>.json`, as the code generators of front ends write it: an object from
`sha256:<hex of the text>` to the document's text (the "Persisted Documents" appendix of GraphQL over HTTP).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

import msgspec
from yanxiu_wire.settings import SettingRefused

from yanxiu_gateway.problems import BadRequest

APP = re.compile(r"[a-z][a-z0-9-]{0,40}")
PREFIX = "sha256:"


def document_id(text: str) -> str:
    """The id of a document: `sha256:` and the hash of its text."""
    return PREFIX + sha256(text.encode()).hexdigest()


class TrustedDocuments:
    """The documents of every registered app; `only` refuses whatever is not among them."""

    def __init__(self, apps: Mapping[str, Mapping[str, str]] | None = None, *, only: bool = False) -> None:
        self.apps = MappingProxyType({name: MappingProxyType(dict(texts)) for name, texts in (apps or {}).items()})
        self.only = only

    @classmethod
    def read(cls, folder: Path | None, *, only: bool) -> TrustedDocuments:
        """Read every app's file; raises `SettingRefused` naming the file and what is wrong with it."""
        if folder is None:
            if only:
                raise _refused("is missing, and YANXIU_TRUSTED_ONLY leaves nothing to run without it")
            return cls()
        if not folder.is_dir():
            raise _refused(f"{folder} is no folder")
        return cls({file.stem: _app(file) for file in sorted(folder.glob("*.json"))}, only=only)

    def commands(self) -> frozenset[str]:
        """Return the ids of the documents that write, as far as their texts tell."""
        return frozenset(name for texts in self.apps.values() for name, text in texts.items() if "mutation" in text)

    def text(self, app: str | None, query: str | None, asked: str | None) -> str:
        """Return the text to run, from a text or from an id; raises `BadRequest` (400, 403) where there is none.

        An app's documents are that app's: what another app registered is as unknown as what nobody did.
        """
        if asked is not None:
            return self._registered(app, asked, query)
        if query is None:
            raise BadRequest(
                400,
                "BAD_REQUEST",
                "请求体须有文本 query，或已登记文档的 documentId。",
                "A request has a text `query`, or the `documentId` of a registered document.",
                field="query",
            )
        if self.only and document_id(query) not in self.apps.get(app or "", {}):
            raise BadRequest(
                403,
                "DOCUMENT_NOT_TRUSTED",
                "这里只执行已登记的文档；请由前端应用登记后以 documentId 提交。",
                "Only registered documents run here; have the front-end app register it and send its documentId.",
                field="query",
            )
        return query

    def _registered(self, app: str | None, asked: str, query: str | None) -> str:
        known = self.apps.get(app or "", {}).get(asked)
        if known is None or (query is not None and query != known):
            raise BadRequest(
                400,
                "DOCUMENT_UNKNOWN",
                f"应用 {app or '（令牌未写明）'} 没有登记这个 documentId，或它与 query 不符。",
                f"The app {app or '(the token names none)'} has no such documentId, or it is not that of `query`.",
                field="documentId",
                value=asked[:100],
                remedyZh="请先发布该应用的文档清单，再用其中的编号。",
                remedyEn="Deploy the app's list of documents first, then use an id of it.",
            )
        return known


def _app(file: Path) -> dict[str, str]:
    if not APP.fullmatch(file.stem):
        raise _refused(f"{file}: an app's name has lower-case letters, digits and hyphens; rename the file")
    try:
        texts = msgspec.json.decode(file.read_bytes(), type=dict[str, str])
    except (OSError, msgspec.DecodeError) as error:
        raise _refused(f"{file}: no JSON object from document ids to texts: {error}") from None
    for name, text in texts.items():
        if document_id(text) != name:
            raise _refused(f"{file}: {name[:80]} is not the hash of its text, which is {document_id(text)}")
    return texts


def _refused(problem: str) -> SettingRefused:
    return SettingRefused("YANXIU_TRUSTED_DOCUMENTS", problem, "folder with `<app>.json` of each registered app")
