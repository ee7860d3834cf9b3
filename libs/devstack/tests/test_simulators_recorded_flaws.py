"""What people keep in folders is not always clean: odd files and objects are told, and the rest is served."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from devstack.simulators.ptv.app import create_app
from devstack.simulators.ptv.recorded import read_recording

ID = "00000000-0000-4000-8000-000000000001"
OTHER = "00000000-0000-4000-8000-000000000002"
GOOD = {"id": OTHER, "serviceNames": [{"language": "fi", "type": "Name", "value": "Vanha"}]}


def test_file_with_a_byte_order_mark_or_a_name_in_capitals_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"\xef\xbb\xbf" + orjson.dumps(GOOD))
    (tmp_path / "B.JSON").write_bytes(orjson.dumps({**GOOD, "id": ID}))
    (tmp_path / "folder.json").mkdir()
    summary = read_recording(tmp_path).summary()
    assert (summary["loaded"], summary["left_out"]) == ({"service": {"v11": 2}}, [])


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        ({"contentId": ID, "serviceType": "Service", "publishedAt": "yesterday"}, "its publishedAt is no time"),
        ({"contentId": ID, "serviceType": "Service", "publishedAt": 5}, "its publishedAt is no time"),
        ({"id": ID, "serviceNames": [], "areas": ["109"]}, "its areas are no list of objects"),
        ({"id": ID, "serviceNames": [], "organizations": {"id": 1}}, "its organizations are no list of objects"),
        ({"serviceContentId": ID, "channelContentId": None}, "unknown shape, with the fields channelContentId"),
    ],
)
async def test_object_that_could_not_be_served_is_told_and_the_others_are_served(
    tmp_path: Path, odd: dict[str, Any], reason: str
) -> None:
    (tmp_path / "list.json").write_bytes(orjson.dumps([odd, GOOD]))
    app = create_app("key", recording=read_recording(tmp_path))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ptv") as http:
        (left_out,) = (await http.get("/_control/recorded")).json()["left_out"]
        ids = (await http.get("/api/v11/Service")).json()["itemList"]
        assert (await http.get("/api/v11/Organization")).status_code == 200
    assert (left_out["file"], left_out["reason"].startswith(reason)) == ("list.json", True)
    assert [one["id"] for one in ids] == [OTHER]


async def test_connection_keeps_the_spelling_it_was_recorded_with(tmp_path: Path) -> None:
    recorded = {"serviceContentId": ID, "serviceChannelContentId": OTHER, "publishedAt": None}
    (tmp_path / "one.json").write_bytes(orjson.dumps(recorded))
    app = create_app("key", recording=read_recording(tmp_path))
    transport, headers = httpx.ASGITransport(app), {"x-api-key": "key"}
    async with httpx.AsyncClient(transport=transport, base_url="http://ptv", headers=headers) as http:
        assert (await http.get(f"/api/v12/connection/{ID}/{OTHER}")).json() == recorded
