"""v11's page envelopes. `itemList` is null when nothing is on the page; there is no total."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Request, Response

from devstack.simulators.ptv.listings import Listings
from devstack.simulators.ptv.v11.asked import Asked
from devstack.simulators.ptv.v11.catalogue import Catalogue, GoneRow, Row
from devstack.simulators.ptv.v11.errors import json_response
from devstack.simulators.ptv.v11.words import Wire

R = TypeVar("R")


@dataclass(frozen=True)
class PageSizes:
    """Rows on a page of ids and on a page of whole objects."""

    ids: int = 1000
    objects: int = 100


@dataclass(frozen=True)
class V11:
    """What a v11 path answers from."""

    catalogue: Catalogue
    listings: Listings
    sizes: PageSizes

    def ids(self, kind: str, rows: Sequence[Row | GoneRow], asked: Asked) -> Response:
        return self._page(kind, rows, asked.page, self.sizes.ids, lambda row: {"id": row.id, "name": row.name})

    def id_rows(self, kind: str, rows: Sequence[R], asked: Asked, item: Callable[[R], Wire]) -> Response:
        return self._page(kind, rows, asked.page, self.sizes.ids, item)

    def objects(self, kind: str, wires: Iterable[Wire], asked: Asked) -> Response:
        return self._page(kind, list(wires), asked.page, self.sizes.objects, lambda wire: wire)

    def _page(self, kind: str, rows: Sequence[R], page: int, size: int, item: Callable[[R], Wire]) -> Response:
        given, total = self.listings.rows(kind, list(rows))
        shown = given[(page - 1) * size : page * size] if page else []
        answer = {
            "pageNumber": page,
            "pageSize": size,
            "pageCount": -(-total // size) if page else 0,
            "itemList": [item(row) for row in shown] or None,
        }
        self.listings.answered(kind, page)
        return json_response(answer)


def current(request: Request) -> V11:
    state = request.app.state
    return V11(state.v11_catalogue(), state.world.listings, state.v11_sizes)


State = Annotated[V11, Depends(current)]
