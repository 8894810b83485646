"""What the gateway is told by its YANXIU_* variables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from yanxiu_wire.observing import ObservingSettings

from yanxiu_gateway.signing_keys import ALGORITHMS, Algorithm
from yanxiu_gateway.tokens import AUDIENCE, ISSUER

Origin = Annotated[str, msgspec.Meta(pattern=r"^https?://[^/*\s]+$")]


class GatewaySettings(ObservingSettings, frozen=True, kw_only=True):
    """Settings of one gateway process."""

    keys: Annotated[Path, msgspec.Meta(description="folder with jwks.json, the public keys that sign tokens")]
    http_host: Annotated[str, msgspec.Meta(description="address the gateway listens on")] = "127.0.0.1"
    http_port: Annotated[int, msgspec.Meta(description="port the gateway listens on", ge=0, le=65535)] = 8000
    http_own_port: Annotated[
        int,
        msgspec.Meta(
            description="port of this process alone, with /metrics, when several share `http_port`; 0: none do",
            ge=0,
            le=65535,
        ),
    ] = 0
    issuer_url: Annotated[
        str | None,
        msgspec.Meta(
            description="URL of the OIDC issuer: `iss` of its tokens; its keys are found there, and jwks.json is unused"
        ),
    ] = None
    issuer_authority: Annotated[
        Path | None, msgspec.Meta(description="PEM file of an authority that the OIDC issuer's certificate comes from")
    ] = None
    operators: Annotated[
        tuple[str, ...], msgspec.Meta(description="subjects of the OIDC issuer who operate the platform")
    ] = ()
    token_algorithms: Annotated[
        tuple[Algorithm, ...], msgspec.Meta(description="what tokens of the OIDC issuer may be signed with")
    ] = ALGORITHMS
    token_issuer: Annotated[str, msgspec.Meta(description="`iss` that a token of the development issuer must have")] = (
        ISSUER
    )
    token_audience: Annotated[str, msgspec.Meta(description="`aud` that a token must have")] = AUDIENCE
    services: Annotated[
        tuple[str, ...], msgspec.Meta(description="services that must have answered before the gateway is ready")
    ] = ("registry", "credits", "visits")
    graphiql: Annotated[bool, msgspec.Meta(description="serve the GraphiQL page at GET /graphql (development)")] = False
    allowed_origins: Annotated[
        tuple[Origin, ...],
        msgspec.Meta(description="origins of front ends that are served elsewhere, such as https://screens.example"),
    ] = ()
    max_body_bytes: Annotated[int, msgspec.Meta(description="largest request body in bytes", ge=1024)] = 65_536
    trusted_documents: Annotated[
        Path | None,
        msgspec.Meta(description="folder with `<app>.json`, the documents that each front-end app registered"),
    ] = None
    trusted_only: Annotated[
        bool, msgspec.Meta(description="run registered documents only, of the app that the token's `azp` names")
    ] = False
    max_cost: Annotated[int, msgspec.Meta(description="the most that one operation may cost, in objects", ge=1)] = (
        200_000
    )
    caller_cost: Annotated[
        int, msgspec.Meta(description="the most that one caller may ask for in a minute, in objects", ge=1)
    ] = 2_000_000
    district_cost: Annotated[
        int, msgspec.Meta(description="the most that a district may ask for in a minute, in objects", ge=1)
    ] = 10_000_000
    shared_budgets: Annotated[
        Path | None,
        msgspec.Meta(description="file in which the gateway processes of this machine count these budgets together"),
    ] = None
    in_hand: Annotated[
        int, msgspec.Meta(description="operations that one process has in hand; the others wait a moment", ge=4)
    ] = 64
    drain_seconds: Annotated[
        float, msgspec.Meta(description="how long to go on answering after SIGTERM before the port closes", ge=0)
    ] = 0.0
