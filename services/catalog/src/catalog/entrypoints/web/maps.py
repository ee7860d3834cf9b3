"""A small map of a place, put together of tiles from where the operator says; nothing where no tiles are set."""

from __future__ import annotations

from dataclasses import dataclass
from math import asinh, floor, pi, radians, tan
from urllib.parse import urlsplit

from event_schemas.channel import Channel, PlaceChannel

_TILE = 256
_ZOOM = 15
_WIDTH, _HEIGHT = 640, 280
# Where the projection of web maps ends.
_FARTHEST_NORTH = 85.05


@dataclass(frozen=True, slots=True)
class MapTiles:
    """Where tiles come from: an address with `{z}`, `{x}` and `{y}`; `credit` names whose map it is."""

    address: str
    credit: str

    @property
    def origin(self) -> str:
        """What the content security policy has to let in."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"

    def tile(self, column: int, row: int) -> str:
        """The address of one tile."""
        return self.address.replace("{z}", str(_ZOOM)).replace("{x}", str(column)).replace("{y}", str(row))


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile and its upper left corner, in pixels of the map of the world."""

    address: str
    left: int
    top: int


@dataclass(frozen=True, slots=True)
class MapView:
    """The stretch of the map around a point, in pixels of the map of the world."""

    left: int
    top: int
    x: int
    y: int
    tiles: tuple[Tile, ...]
    credit: str
    width: int = _WIDTH
    height: int = _HEIGHT
    tile: int = _TILE


def map_of(channel: Channel, tiles: MapTiles | None) -> MapView | None:
    """The surroundings of a channel's place, where it has coordinates and there are tiles to show it with."""
    if tiles is None or not isinstance(channel, PlaceChannel) or channel.point is None:
        return None
    if abs(channel.point.latitude) > _FARTHEST_NORTH:
        return None
    x, y = _pixels(channel.point.latitude, channel.point.longitude)
    left, top = x - _WIDTH // 2, y - _HEIGHT // 2
    columns = range(left // _TILE, (left + _WIDTH) // _TILE + 1)
    rows = range(top // _TILE, (top + _HEIGHT) // _TILE + 1)
    found = tuple(Tile(tiles.tile(column, row), column * _TILE, row * _TILE) for row in rows for column in columns)
    return MapView(left, top, x, y, found, tiles.credit)


def _pixels(latitude: float, longitude: float) -> tuple[int, int]:
    """Web Mercator (EPSG:3857) as tiles count it: from the north-west corner of the world."""
    world = _TILE * 2**_ZOOM
    x = (longitude + 180) / 360 * world
    y = (1 - asinh(tan(radians(latitude))) / pi) / 2 * world
    return floor(x), floor(y)
