"""Opening rules of v12 as v11's flat blocks. Week parity and named holidays do not exist there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from devstack.simulators.ptv.v11.words import Wire, items

_PARITY = {
    "OddWeeks": {"fi": "Vain parittomilla viikoilla.", "sv": "Endast udda veckor.", "en": "Odd weeks only."},
    "EvenWeeks": {"fi": "Vain parillisilla viikoilla.", "sv": "Endast jämna veckor.", "en": "Even weeks only."},
}


def service_hours(block: Mapping[str, Any], saves: int) -> list[Wire]:
    """The blocks of one object. `saves` turns their order: v11 gives equal hours in another order after a save."""
    blocks = [made for entry in block["hours"] for made in _SHAPES[entry["type"]](entry)]
    turned = [{**made, "openingHour": _turned(made["openingHour"], saves)} for made in blocks]
    return _turned(turned, saves)


def _turned(rows: list[Wire], saves: int) -> list[Wire]:
    start = (saves - 1) % len(rows) if rows else 0
    return rows[start:] + rows[:start]


def _weekly(entry: Wire) -> list[Wire]:
    """One block per way of being open, since v11 says it once for the whole block."""
    rows = _intervals(entry)
    ways = list(dict.fromkeys(way for way, _ in rows))
    return [_week_block(entry, way, [row for other, row in rows if other == way]) for way in ways]


def _week_block(entry: Wire, way: tuple[str, str], rows: list[Wire]) -> Wire:
    status, repetition = way
    kind = "Exceptional" if entry["type"].startswith("Exceptional") else "DaysOfTheWeek"
    return _block(
        entry,
        kind,
        [] if status == "Closed" else rows,
        isClosed=status == "Closed",
        isReservation=status == "OpenOnReservation",
        additionalInformation=items({**entry["additionalInformation"], **_PARITY.get(repetition, {})}),
    )


def _intervals(entry: Wire) -> list[tuple[tuple[str, str], Wire]]:
    return [
        ((interval["openingStatus"], interval["repetition"]), _opening(day.capitalize(), "", interval))
        for day, hours in entry["weeklyHours"].items()
        for interval in hours["hours"]
    ]


def _opening(first: str, last: str, interval: Wire) -> Wire:
    return {"dayFrom": first, "dayTo": last, "from": f"{interval['start']}:00", "to": f"{interval['end']}:00"}


def _always(entry: Wire) -> list[Wire]:
    return [_block(entry, "DaysOfTheWeek", [], isAlwaysOpen=True)]


def _stretch(entry: Wire) -> list[Wire]:
    times = {"start": entry["fromTime"], "end": entry["toTime"]}
    return [_block(entry, "OverMidnight", [_opening(entry["fromDay"], entry["toDay"], times)])]


def _block(entry: Wire, kind: str, rows: list[Wire], **rest: Any) -> Wire:
    first, last = entry.get("fromDate"), entry.get("toDate")
    return {
        "serviceHourType": kind,
        "validFrom": first and f"{first}T00:00:00",
        "validTo": last and f"{last}T00:00:00",
        "isClosed": False,
        "validForNow": first is None,
        "isAlwaysOpen": False,
        "isReservation": entry.get("openingStatus") == "OpenOnReservation",
        "additionalInformation": items(entry["additionalInformation"]),
        "openingHour": rows,
        **rest,
    }


_SHAPES: dict[str, Callable[[Wire], list[Wire]]] = {
    "WeeklyUntilFurtherNoticeServiceHour": _weekly,
    "WeeklyDateRangeServiceHour": _weekly,
    "ExceptionalDateRangeServiceHour": _weekly,
    "ContinuousAlwaysValidServiceHour": _always,
    "ContinuousWeekdaysUntilFurtherNoticeServiceHour": _stretch,
    "ContinuousDateRangeServiceHour": _stretch,
}
