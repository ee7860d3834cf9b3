"""Waits, settings, and what a process says of itself."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from chassis.core.backoff import Backoff
from chassis.core.clock import microseconds, new_id
from chassis.core.errors import PermanentError, StartError
from chassis.core.health import Health
from chassis.core.settings import Settings, read_settings
from chassis.kafka.settings import GuardSettings
from chassis.postgres.settings import PostgresSettings

SECRET = "hunter2-kanarialintu"


class ListSettings(Settings):
    things: list[int] = Field(description="numbers of things")


class TestBackoff:
    @given(attempt=st.integers(1, 10_000))
    def test_wait_lies_in_the_upper_half_of_a_ceiling_that_never_passes_the_most(self, attempt: int) -> None:
        backoff = Backoff(first=timedelta(milliseconds=100), most=timedelta(seconds=5))
        assert backoff.ceiling(attempt) / 2 <= backoff.wait(attempt) <= backoff.ceiling(attempt) <= backoff.most

    @given(attempt=st.integers(1, 1_000))
    def test_ceiling_never_falls_from_one_attempt_to_the_next(self, attempt: int) -> None:
        assert Backoff().ceiling(attempt) <= Backoff().ceiling(attempt + 1)

    def test_first_wait_doubles(self) -> None:
        backoff = Backoff(first=timedelta(seconds=1), most=timedelta(hours=1))
        assert [backoff.ceiling(n) for n in (1, 2, 3)] == [timedelta(seconds=n) for n in (1, 2, 4)]


class TestClock:
    def test_microseconds_are_exact_where_a_float_would_round(self) -> None:
        moment = datetime(2255, 6, 5, 23, 47, 34, 740_993, tzinfo=UTC)
        assert microseconds(moment) % 1_000_000 == 740_993
        assert microseconds(datetime(1970, 1, 1, tzinfo=UTC)) == 0

    def test_ids_are_of_version_7_and_grow(self) -> None:
        ids = [new_id() for _ in range(100)]
        assert ids == sorted(set(ids))
        assert {one.version for one in ids} == {7}


class TestSettings:
    def test_missing_setting_is_named_with_its_meaning(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("HYTE_DATABASE_URL", raising=False)
        with pytest.raises(StartError, match=r"^setting HYTE_DATABASE_URL is wrong: field required \(address of"):
            read_settings(PostgresSettings)

    @pytest.mark.parametrize(
        "address",
        [f"postgres:{SECRET}@host/name", f"mysql://role:{SECRET}@host/name", f"postgresql://a:{SECRET}@host:port/n"],
        ids=["no scheme", "another database", "port is no number"],
    )
    def test_wrong_database_address_is_refused_without_its_password(
        self, address: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HYTE_DATABASE_URL", address)
        with pytest.raises(StartError, match=r"^setting HYTE_DATABASE_URL is wrong: ") as caught:
            read_settings(PostgresSettings)
        chain = [caught.value, caught.value.__cause__, caught.value.__context__]
        assert SECRET not in "".join(f"{error} {error!r}" for error in chain)

    def test_setting_of_the_wrong_type_is_named_without_its_value(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HYTE_GUARD_BATCH", SECRET)
        with pytest.raises(StartError, match=r"^setting HYTE_GUARD_BATCH is wrong: ") as caught:
            read_settings(GuardSettings)
        assert SECRET not in f"{caught.value}{caught.value.__cause__}"

    def test_list_that_is_not_json_is_one_sentence_without_its_value(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HYTE_THINGS", SECRET)
        with pytest.raises(StartError, match="things") as caught:
            read_settings(ListSettings)
        assert SECRET not in str(caught.value)
        assert "\n" not in str(caught.value)

    def test_password_is_masked_wherever_settings_are_printed(self) -> None:
        settings = read_settings(PostgresSettings, database_url=f"postgresql://role:{SECRET}@host/name")
        assert SECRET not in f"{settings} {settings!r}"
        assert SECRET in settings.dsn()


class TestHealth:
    def test_process_is_ready_only_when_no_part_gives_a_reason(self) -> None:
        health = Health()
        health.not_ready("relay", "waiting")
        health.not_ready("follower", "reading")
        health.ready("relay")
        assert health.reasons() == {"follower": "reading"}
        health.ready("follower")
        assert health.reasons() == {}

    def test_loop_that_stopped_turning_is_stuck_until_it_turns_again_or_ends(self) -> None:
        now = 0.0
        health = Health(stuck_after=timedelta(seconds=120), monotonic=lambda: now)
        health.beat("relay")
        health.beat("follower")
        now = 120.0
        assert health.stuck() == []
        health.beat("follower")
        now = 120.5
        assert health.stuck() == ["relay"]
        health.ended("relay")
        assert health.stuck() == []


def test_errors_text_is_its_code_and_its_explanation() -> None:
    assert str(PermanentError("unknown-receiver", "no such receiver")) == "unknown-receiver: no such receiver"
    assert str(PermanentError("unknown-receiver")) == "unknown-receiver"
