"""Recorded objects are served as they are, on the paths of their version; what is no object is told."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from devstack.simulators.ptv.app import create_app
from devstack.simulators.ptv.recorded import NothingRecorded, read_recording

BESIDE = Path(__file__).resolve().parents[4] / "shared" / "reference"
SAMPLES = [
    Path(os.environ.get("HYTE_PTV_SAMPLES", BESIDE / "ptv_v12_samples")),
    Path(os.environ.get("HYTE_PTV_V11_SAMPLES", BESIDE / "ptv_samples")),
]


def an_id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


V12_SERVICE = {
    "contentId": an_id(1),
    "serviceType": "Service",
    "organizationContentId": an_id(9),
    "area": {"areaType": "LimitedArea", "municipalities": [61], "regions": ["05"], "wellbeingServicesCounties": []},
    "languageVersions": {"fi": {"name": "Uusi"}},
    "futureThing": {"x": 1},
}
V12_CONNECTION = {"serviceContentId": an_id(1), "serviceChannelContentId": an_id(3), "languageVersions": {}}
V11_SERVICE = {
    "id": an_id(2),
    "serviceNames": [{"language": "fi", "value": "Vanha", "type": "Name"}],
    "areaType": "Nationwide",
    "serviceChannels": [{"serviceChannel": {"id": an_id(4), "name": "Piste"}}],
    "organizations": None,
    "modified": "2020-04-22T09:35:58.293984",
}
V8_CHANNEL: dict[str, Any] = {
    "id": an_id(4),
    "serviceChannelNames": [],
    "serviceChannelType": "Phone",
    "phoneNumbers": None,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files: dict[str, Any] = {
        "one.json": V12_SERVICE,
        "deep/list.json": [V12_CONNECTION, {"what": "is this"}],
        "page.json": {"pageNumber": 1, "pageCount": 1, "itemList": [V11_SERVICE]},
        "by_id.json": {an_id(4): V8_CHANNEL},
        "empty.json": {"itemList": []},
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(orjson.dumps(content))
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "z_other.json").write_bytes(
        b"\xef\xbb\xbf" + orjson.dumps([{**V8_CHANNEL, "modified": "later"}, V8_CHANNEL])
    )
    return tmp_path


async def test_objects_are_served_as_recorded_on_the_paths_of_their_version(folder: Path) -> None:
    app = create_app("key", recording=read_recording(folder))
    headers = {"x-api-key": "key"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ptv", headers=headers) as http:
        (service,) = (await http.get("/api/v12/service/search", params={"page": 1, "pageSize": 100})).json()["items"]
        assert {name: service[name] for name in V12_SERVICE} == V12_SERVICE
        listed = (await http.get("/api/v11/Service")).json()
        assert [one["id"] for one in listed["itemList"]] == [an_id(2)]
        assert (await http.get("/api/v11/Service/list", params={"guids": an_id(2)})).json() == [V11_SERVICE]
        assert (await http.get(f"/api/v11/ServiceChannel/{an_id(4)}")).json() == V8_CHANNEL
        assert (await http.get("/api/v11/Service", params={"status": "Archived"})).json()["itemList"] is None


async def test_summary_tells_what_was_loaded_what_was_not_and_the_areas(folder: Path) -> None:
    app = create_app("key", recording=read_recording(folder))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ptv") as http:
        summary = (await http.get("/_control/recorded")).json()
    assert summary["loaded"] == {"service": {"v12": 1, "v11": 1}, "connection": {"v12": 1}, "channel": {"v11": 1}}
    assert {(one["file"], one["reason"]) for one in summary["left_out"]} == {
        ("broken.json", "is no JSON"),
        ("deep/list.json", "unknown shape, with the fields what"),
        ("empty.json", "holds no object"),
        ("z_other.json", f"{an_id(4)} is in another file too, otherwise"),
    }
    assert summary["areas"] == {"municipalities": ["061"], "regions": ["05"], "counties": [], "nationwide": True}


@pytest.mark.parametrize("make", [lambda path: path / "nowhere", lambda path: path])
def test_folder_without_objects_is_refused_in_one_sentence(tmp_path: Path, make: Any) -> None:
    with pytest.raises(NothingRecorded, match=r"is no folder|holds no object of PTV's"):
        read_recording(make(tmp_path))


@pytest.mark.parametrize("samples", SAMPLES, ids=lambda path: path.name)
def test_recorded_samples_hold_services_channels_and_organisations(samples: Path) -> None:
    if not samples.is_dir():
        pytest.skip("no recorded objects: set HYTE_PTV_SAMPLES and HYTE_PTV_V11_SAMPLES to their folders")
    loaded = read_recording(samples).summary()["loaded"]
    assert {"service", "channel", "organization"} <= loaded.keys()
