"""The settings page: what the keeper can settle, and between which bounds."""

import pytest

from station import audit, stations
from tests.village import Browser, Village

FORM = {
    "name": "青禾驿站",
    "place": "青禾村",
    "phone": "0730-5550123",
    "hours": "8:00-19:00",
    "sms_signature": "青禾驿站",
    "quiet_from": "22:00",
    "quiet_until": "07:00",
    "gather_seconds": "60",
    "undo_minutes": "15",
    "overdue_days": "5",
    "keep_days": "90",
}


async def test_the_keeper_changes_the_settings_and_it_is_recorded(
    open_village: Village, browse: Browser
) -> None:
    keeper = await browse(open_village.wang)
    assert 'value="8:30-18:00"' in (await keeper.get("/settings")).text
    answer = await keeper.post("/settings", data=FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, "/settings?saved")
    profile = await stations.profile(open_village.id)
    assert {name: str(getattr(profile, name)) for name in FORM} == FORM
    (line,) = [
        line
        for line in await audit.story(open_village.id, "station", open_village.id)
        if line.act == "settings_changed"
    ]
    assert line.who == "王梅"
    assert "0730" not in str(line.facts)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "驿" * 21),
        ("sms_signature", "驿" * 13),
        ("phone", "13874120396"),
        ("phone", "坏x"),
        ("quiet_from", "24:00"),
        ("quiet_from", "9"),
        ("quiet_until", "07:00\n"),
        ("gather_seconds", "3601"),
        ("gather_seconds", "soon"),
        ("undo_minutes", "0"),
        ("overdue_days", "31"),
        ("keep_days", "29"),
        ("keep_days", "99999999999999999999"),
    ],
)
async def test_what_does_not_fit_is_said_beside_its_field_and_the_rest_stays_typed(
    open_village: Village, browse: Browser, field: str, typed: str
) -> None:
    before = await stations.profile(open_village.id)
    answer = await (await browse(open_village.wang)).post("/settings", data=FORM | {field: typed})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert 'value="8:00-19:00"' in answer.text
    assert await stations.profile(open_village.id) == before
