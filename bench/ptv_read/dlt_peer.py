"""Peer: dlt reads the same lists into PostgreSQL, merging by id. Runs in an environment of its own.

One column per top-level field, lists and objects as JSON: the setting that is kindest to dlt, child tables cost more.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import dlt
from dlt.sources.rest_api import rest_api_source

_KEYS = {
    "organization": "contentId",
    "general-description": "contentId",
    "service": "contentId",
    "service-channel": "contentId",
    "connection": ["serviceContentId", "channelContentId"],
}


def source(url: str) -> Any:
    """The five lists of v12."""
    paging = {"type": "page_number", "base_page": 1, "page_param": "page", "total_path": "totalPages"}
    return rest_api_source(
        {
            "client": {"base_url": f"{url}/api/v12/", "paginator": paging},
            "resource_defaults": {
                "write_disposition": "merge",
                "max_table_nesting": 0,
                "endpoint": {"params": {"pageSize": 100}, "data_selector": "items"},
            },
            "resources": [
                {"name": path.replace("-", "_"), "primary_key": key, "endpoint": {"path": f"{path}/search"}}
                for path, key in _KEYS.items()
            ],
        }
    )


def main() -> None:
    asked = json.loads(sys.stdin.readline())
    pipeline = dlt.pipeline(
        "national",
        pipelines_dir=asked["folder"],
        # The server asks for no password; dlt insists on one.
        destination=dlt.destinations.postgres(asked["dsn"].replace("postgres@", "postgres:none@")),
        dataset_name="ptv",
    )
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.perf_counter()
    pipeline.run(source(asked["url"])).raise_on_failed_jobs()
    seconds = time.perf_counter() - began
    with pipeline.sql_client() as client:
        rows = client.execute_sql("SELECT count(*) FROM service")
    print(json.dumps({"seconds": seconds, "services": rows[0][0]}), flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    main()
