"""The register: people, their households and phones, and what check-in makes of it."""

import pytest

from station import resident_import, residents
from station.db import sql
from station.errors import Refusal
from station.residents import Need, ResidentIn
from tests.village import Village


async def test_a_person_is_found_by_name_initials_group_and_phone_tail(village: Village) -> None:
    await residents.keep(
        ResidentIn("郑秀英", ("139 0000 0152", "0730-5550188"), "郑家", "五组", "郑婆婆"), by=village.chen
    )
    for asked in ("郑秀", "zxy", "五组", "0152", "13900000152", "婆婆", "5550188"[-4:]):
        (found,) = await residents.find(village.id, asked)
        assert (found["name"], found["household"], found["grp"]) == ("郑秀英", "郑家", "五组"), asked
    assert await residents.find(village.id, "1111") == []
    assert await residents.find(village.id, "") == []


async def test_writing_somebody_in_again_completes_them(village: Village) -> None:
    first = await residents.keep(ResidentIn("郑秀英", ("13900000152",), group="五组"), by=village.chen)
    again = await residents.keep(
        ResidentIn("郑秀英", ("13800000153",), group="五组", also_called="郑婆婆"), by=village.chen
    )
    assert first == again
    person = await residents.one(village.id, first)
    assert person["phones"] == ["13900000152", "13800000153"]
    assert person["also_called"] == "郑婆婆"
    assert len(await residents.households(village.id)) == 1


@pytest.mark.parametrize(
    ("person", "code"),
    [(ResidentIn(" "), "no_resident_name"), (ResidentIn("郑秀英", ("139",)), "bad_resident_phone")],
)
async def test_a_nameless_person_or_half_a_phone_is_refused(
    village: Village, person: ResidentIn, code: str
) -> None:
    with pytest.raises(Refusal, match=code):
        await residents.keep(person, by=village.chen)
    assert await residents.households(village.id) == []


async def test_a_registered_person_is_offered_when_a_label_hides_the_phone(village: Village) -> None:
    await residents.keep(ResidentIn("郑秀英", ("13900000152",)), by=village.chen)
    answer = await village.arrive("YT4902191309648", phone="139****0152", name="郑*英")
    (need,) = [need for need in answer["needs"] if need["kind"] == "recipient"]
    assert [choice["name"] for choice in need["choices"]] == ["郑秀英"]


async def test_parcels_of_one_household_stand_together_though_their_phones_differ(village: Village) -> None:
    for name, phone in (("郑秀英", "13900000152"), ("郑小波", "13800000153")):
        await residents.keep(ResidentIn(name, (phone,), "郑家", "五组"), by=village.chen)
    first = await village.arrive("YT4902191309648", phone="13900000152", size="small")
    await village.arrive("YT4902191309655", phone="13700000001", size="small")
    second = await village.arrive("YT4902191309662", phone="13800000153", size="small")
    assert first["parcel"]["slot"] == second["parcel"]["slot"]


async def test_an_elderly_persons_parcel_goes_to_hand_height(village: Village) -> None:
    await residents.keep(ResidentIn("郑秀英", ("13900000152",), needs=(Need.ELDERLY,)), by=village.chen)
    answer = await village.arrive("YT4902191309648", phone="13900000152")
    slot = await sql.one(
        "SELECT hand_height FROM slot WHERE station_id = ? AND label = ?",
        village.id,
        answer["parcel"]["slot"],
    )
    assert slot
    assert slot["hand_height"]


async def test_a_number_is_dropped_and_who_moved_away_is_no_longer_found(village: Village) -> None:
    person = await residents.keep(ResidentIn("郑秀英", ("13900000152", "13800000153")), by=village.chen)
    await residents.drop_phone(person, "13800000153", by=village.chen)
    assert (await residents.one(village.id, person))["phones"] == ["13900000152"]
    await residents.leave(person, by=village.wang)
    assert await residents.find(village.id, "郑秀英") == []
    with pytest.raises(Refusal, match="not_found"):
        await residents.one(village.id, person)


LIST = "青禾村名册\n序号,户主,姓名,联系电话,村民小组,备注\n1,郑大山,郑秀英,13900000152,五组,老人 上门\n2,,郑小波,13800000153、0730-5550188,五组,\n3,何家,,13700000009,七组,\n4,何家,何秀,139,七组,\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
async def test_a_list_is_taken_in_row_by_row(village: Village, encoding: str) -> None:
    for _ in range(2):
        taken = await resident_import.take(resident_import.read(LIST.encode(encoding)), by=village.wang)
        assert taken.kept == 2
        assert [(row, refusal.code) for row, refusal in taken.refused] == [
            (5, "no_resident_name"),
            (6, "bad_resident_phone"),
        ]
    assert [(h["name"], h["grp"]) for h in await residents.households(village.id)] == [
        ("郑大山家", "五组"),
        ("郑家", "五组"),
    ]
    (found,) = await residents.find(village.id, "郑秀英")
    assert found["needs"] == "door elderly"


async def test_a_list_that_does_not_speak_of_needs_leaves_them_as_they_are(village: Village) -> None:
    await residents.keep(ResidentIn("郑秀英", group="五组", needs=(Need.ELDERLY,)), by=village.chen)
    for text, needs in (("姓名,组\n郑秀英,五组\n", "elderly"), ("姓名,组,备注\n郑秀英,五组,\n", "")):
        await resident_import.take(resident_import.read(text.encode()), by=village.wang)
        assert [found["needs"] for found in await residents.find(village.id, "郑秀英")] == [needs]


async def test_phones_of_who_left_are_no_longer_the_households(village: Village) -> None:
    await residents.keep(ResidentIn("郑秀英", ("13900000152",), "郑家", "五组"), by=village.chen)
    xiaobo = await residents.keep(ResidentIn("郑小波", ("13800000153",), "郑家", "五组"), by=village.chen)
    assert len((await residents.house_of(village.id, "13900000152")).phones) == 2
    await residents.leave(xiaobo, by=village.wang)
    assert (await residents.house_of(village.id, "13900000152")).phones == ("13900000152",)


def test_a_file_without_names_or_no_table_says_so() -> None:
    with pytest.raises(Refusal, match="no_name_column"):
        resident_import.read(b"a,b\n1,2\n")
    with pytest.raises(Refusal, match="unreadable_register"):
        resident_import.read(b"%PDF-1.7")


async def test_only_the_keeper_learns_who_is_helped(village: Village) -> None:
    await residents.keep(ResidentIn("郑秀英", household="郑家"), by=village.chen)
    (house,) = await residents.households(village.id)
    await residents.help_household(house["id"], True, by=village.wang)
    assert (await residents.household(village.id, house["id"]))["helped"]
    assert "helped" not in (await residents.find(village.id, "郑"))[0]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        (
            "户主姓名,姓名,电话\n郑大山,郑秀英,139 0000 0152\n合计,1\n",
            [("郑秀英", ("13900000152",), "郑大山家")],
        ),
        ("户主姓名,人口,联系方式\n郑大山,4,13900000152\n", [("郑大山", ("13900000152",), "郑大山家")]),
        (
            "村民姓名(必填),联系电话1,联系电话2\n郑秀英,13900000152,0730-5550188\n",
            [("郑秀英", ("13900000152", "07305550188"), "")],
        ),
        (
            "人员姓名,本人电话,紧急联系人电话\n郑秀英,13900000152（儿子13800000153）,13700000001\n",
            [("郑秀英", ("13900000152", "13800000153"), "")],
        ),
        ("姓名,电话\n姓名,电话\n郑秀英,无\n", [("郑秀英", (), "")]),
        (
            "户主及成员姓名,手机/电话,所属户主,所在村民小组\n郑秀英,13900000152,郑大山,5组\n",
            [("郑秀英", ("13900000152",), "郑大山家")],
        ),
    ],
)
def test_lists_are_read_as_villages_keep_them(
    text: str, people: list[tuple[str, tuple[str, ...], str]]
) -> None:
    found = [row.person for row in resident_import.read(text.encode())]
    assert [(one.name, one.phones, one.household) for one in found] == people


def test_a_household_merged_over_its_people_is_each_ones() -> None:
    text = "<table><tr><td>户主<td>姓名<tr><td rowspan=2>郑大山<td>郑大山<tr><td>郑秀英<tr><td>何家<td>何秀</table>"
    found = [row.person.household for row in resident_import.read(text.encode())]
    assert found == ["郑大山家", "郑大山家", "何家"]
