"""Periods: the days that an ISO value covers."""

import pytest

from kgx.period import is_period, period


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2014-05-20", ("2014-05-20", "2014-05-20")),
        ("2014-02", ("2014-02-01", "2014-02-28")),
        ("2014", ("2014-01-01", "2014-12-31")),
        ("1990/1999", ("1990-01-01", "1999-12-31")),
        ("2024-01/2024-02", ("2024-01-01", "2024-02-29")),
        ("2025-12-01/2025-12-03", ("2025-12-01", "2025-12-03")),
    ],
)
def test_period_covers_first_to_last_day(value: str, expected: tuple[str, str]) -> None:
    assert (period(value).first, period(value).last) == expected


@pytest.mark.parametrize("value", ["", "20日", "2014-13", "2014-02-30", "2014/", "14-05"])
def test_period_refuses_other_forms(value: str) -> None:
    with pytest.raises(ValueError):
        period(value)
    assert not is_period(value)
