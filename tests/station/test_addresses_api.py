"""A program sends one pasted line and gets its parts, with what is doubtful."""

from starlette.applications import Starlette

from station import doors
from tests.station.visits import visit
from tests.village import Village

PATH = "/api/v1/addresses"
LINE = "覃桂香 17000005967-5314 贵州玉屏县朱家场镇混寨村3组"


async def test_a_pasted_line_comes_back_in_parts(web: Starlette, open_village: Village) -> None:
    token = await doors.make_token(open_village.chen.account_id or 0, by=open_village.wang)
    async with visit(web, authorization=f"Bearer {token}") as program:
        answer = await program.post(PATH, json={"text": LINE})
        assert answer.status_code == 200
        assert answer.json() == {
            "name": "覃桂香",
            "phone": "17000005967",
            "ext": "5314",
            "province": "贵州省",
            "city": "铜仁市",
            "county": "玉屏侗族自治县",
            "town": "朱家场镇",
            "village": "混寨村",
            "rest": "3组",
            "doubts": [],
            "doubt_sentences": [],
        }
        doubtful = (await program.post(PATH, json={"text": "覃桂香 鼓楼区"})).json()
        assert doubtful["county"] == "鼓楼区"
        assert doubtful["city"] is None
        assert doubtful["doubts"] == ["no_phone", "county_unclear", "no_town"]
        assert doubtful["doubt_sentences"][0] == "There is no phone number. Ask for one."


async def test_what_is_no_line_is_refused_with_a_sentence(web: Starlette, open_village: Village) -> None:
    token = await doors.make_token(open_village.chen.account_id or 0, by=open_village.wang)
    async with visit(web, authorization=f"Bearer {token}") as program:
        for sent in ({"text": ""}, {"text": "  \n"}, {"text": "湖" * 501}, {}, {"text": None}):
            answer = await program.post(PATH, json=sent)
            assert answer.status_code == 422, sent
            assert "text" in answer.json()["errors"], sent


async def test_strangers_are_not_served(web: Starlette, open_village: Village) -> None:
    async with visit(web) as stranger:
        assert (await stranger.post(PATH, json={"text": LINE})).status_code == 401
