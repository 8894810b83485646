"""Settings: only YANXIU_* variables, each named when it is missing or wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import pytest
from yanxiu_wire.settings import SettingRefused, describe, read_settings


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    nats_url: Annotated[str, msgspec.Meta(description="where NATS listens")]
    data: Annotated[Path, msgspec.Meta(description="folder of the databases")] = Path("data")
    http_port: Annotated[int, msgspec.Meta(description="port of the gateway", ge=0, le=65535)] = 8000
    packs: Annotated[tuple[str, ...], msgspec.Meta(description="rule packs")] = ()
    demo: bool = False


def test_a_field_is_filled_from_its_variable() -> None:
    found = read_settings(
        Sample,
        {
            "YANXIU_NATS_URL": "nats://127.0.0.1:4222",
            "YANXIU_DATA": "/srv/yanxiu",
            "YANXIU_HTTP_PORT": "9000",
            "YANXIU_PACKS": "puer, putuo",
            "YANXIU_DEMO": "true",
            "NATS_URL": "not ours",
        },
    )
    assert found == Sample(
        nats_url="nats://127.0.0.1:4222",
        data=Path("/srv/yanxiu"),
        http_port=9000,
        packs=("puer", "putuo"),
        demo=True,
    )


def test_the_process_environment_is_read_and_an_empty_variable_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANXIU_NATS_URL", "nats://here")
    monkeypatch.setenv("YANXIU_HTTP_PORT", "")
    assert read_settings(Sample) == Sample(nats_url="nats://here")


def test_one_name_is_a_list_of_one() -> None:
    assert read_settings(Sample, {"YANXIU_NATS_URL": "n", "YANXIU_PACKS": "puer"}).packs == ("puer",)


def test_a_missing_variable_is_named_with_what_it_is_for() -> None:
    with pytest.raises(SettingRefused, match=r"YANXIU_NATS_URL: must be set \(where NATS listens\)"):
        read_settings(Sample, {})


@pytest.mark.parametrize("text", ["many", "-1", "70000", "8000.5", "1,2"])
def test_a_wrong_value_is_named(text: str) -> None:
    with pytest.raises(SettingRefused) as raised:
        read_settings(Sample, {"YANXIU_NATS_URL": "n", "YANXIU_HTTP_PORT": text})
    assert raised.value.variable == "YANXIU_HTTP_PORT"
    assert text in str(raised.value)


def test_every_setting_can_be_listed() -> None:
    listed = {setting.variable: (setting.description, setting.default) for setting in describe(Sample)}
    assert listed == {
        "YANXIU_NATS_URL": ("where NATS listens", None),
        "YANXIU_DATA": ("folder of the databases", "data"),
        "YANXIU_HTTP_PORT": ("port of the gateway", "8000"),
        "YANXIU_PACKS": ("rule packs", ""),
        "YANXIU_DEMO": ("", "False"),
    }
