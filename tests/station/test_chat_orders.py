"""Lists pasted from a group chat: proposals, with a doubt wherever a person has to look."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.chat_goods import Wanted
from station.chat_orders import DOUBTS, Proposal, parse

EGGS, MORE_EGGS, BACON, CAKES, HEN, LOACH = (
    "土鸡蛋 30枚", "土鸡蛋 60枚", "黑猪腊肉 3斤真空装", "手工糍粑 2斤装", "散养土鸡（杀好冷冻） 1只约3斤", "泥鳅干 半斤装",
)  # fmt: skip
PRODUCTS = [EGGS, BACON, CAKES, HEN, LOACH]


def one(line: str, products: list[str] | None = None) -> Proposal:
    proposals = parse(line, products or PRODUCTS)
    assert len(proposals) == 1
    return proposals[0]


def goods(proposal: Proposal) -> list[tuple[str | None, int]]:
    return [(item.product, item.qty) for item in proposal.items]


@pytest.mark.parametrize(
    ("line", "name", "items"),
    [
        ("1. 张三 土鸡蛋30枚 x2 13800000001", "张三", [(EGGS, 2)]),
        ("2、李四要两盒鸡蛋", "李四", [(EGGS, 2)]),
        ("3）王姐 腊肉3斤*1 糍粑2", "王姐", [(BACON, 1), (CAKES, 2)]),
        ("4. 小美🌸 鸡蛋一份腊肉两份", "小美", [(EGGS, 1), (BACON, 2)]),
        ("⑤ 老周 2份腊肉1份糍粑", "老周", [(BACON, 2), (CAKES, 1)]),
        ("6．刘伯 十二盒鸡蛋", "刘伯", [(EGGS, 12)]),
        ("7：孙七，2份糍粑 + 1份腊肉", "孙七", [(CAKES, 2), (BACON, 1)]),
        ("8️⃣ 吴九 糍粑×３", "吴九", [(CAKES, 3)]),
        ("9. 李四两盒鸡蛋", "李四", [(EGGS, 2)]),
        ("10. 周六 腊肉1.5kg*2", "周六", [(BACON, 2)]),
        ("11. 周六 三十枚鸡蛋x廿", "周六", [(EGGS, 20)]),
        ("12. 冯一 腊肉要三份，30枚鸡蛋1 糍粑2", "冯一", [(BACON, 3), (EGGS, 1), (CAKES, 2)]),
        ("13. 陈二 土鸡两只 2份糍粑", "陈二", [(HEN, 2), (CAKES, 2)]),
        ("郑十 鸡蛋 3 腊肉 1", "郑十", [(EGGS, 3), (BACON, 1)]),
        ("14. 杨八 黑猪腊肉3斤真空装 1份", "杨八", [(BACON, 1)]),
        ("15. 秦十 散养土鸡（杀好冷冻） 1只约3斤 2份 手工糍粑2斤装x2", "秦十", [(HEN, 2), (CAKES, 2)]),
        ("16. 华九 鸡蛋+2 腊肉+1", "华九", [(EGGS, 2), (BACON, 1)]),
        ("17. 周八-鸡蛋-2盒", "周八", [(EGGS, 2)]),
        ("18. 陈二：鸡蛋：2", "陈二", [(EGGS, 2)]),
        ("19. 蒋五，鸡蛋，2盒，糍粑，1袋", "蒋五", [(EGGS, 2), (CAKES, 1)]),
    ],
)
def test_a_plain_line_is_read_without_a_doubt(line: str, name: str, items: list[tuple[str, int]]) -> None:
    proposal = one(line)
    assert (proposal.name, goods(proposal), proposal.doubts) == (name, items, ())
    assert proposal.raw == line


def test_phone_and_address_are_found_wherever_they_stand() -> None:
    told = one("2、李四要两盒鸡蛋，地址湖南省怀化市中方县桐木镇采薇路62号7栋，电话 139 0000 0002")
    assert (told.phone.number, told.address) == ("13900000002", "湖南省怀化市中方县桐木镇采薇路62号7栋")
    bare = one("10. 孙七，15000000001，湖南怀化中方县桐木镇丰坡村3组，2份糍粑")
    assert (bare.name, bare.phone.number, bare.address) == (
        "孙七",
        "15000000001",
        "湖南怀化中方县桐木镇丰坡村3组",
    )
    assert goods(bare) == [(CAKES, 2)]


def test_lines_below_a_number_belong_to_it_and_those_above_order_nothing() -> None:
    text = "#接龙\n鸡蛋开团啦🎉 一盘49.8\n1. 陈姨 腊肉1份\n湖南省长沙市岳麓区麓山南路12号3栋\n2.\n3. 赵六 糍粑1份"
    proposals = parse(text, PRODUCTS)
    assert [(proposal.line, proposal.name, proposal.doubts) for proposal in proposals] == [
        (1, None, ("not_an_order",)), (2, None, ("not_an_order",)), (3, "陈姨", ()), (6, "赵六", ()),
    ]  # fmt: skip
    assert proposals[2].address == "湖南省长沙市岳麓区麓山南路12号3栋"
    assert proposals[2].raw == "1. 陈姨 腊肉1份\n湖南省长沙市岳麓区麓山南路12号3栋"


def test_two_products_that_fit_are_a_question_unless_the_pack_is_named() -> None:
    both = [*PRODUCTS, MORE_EGGS]
    asked = one("1. 李四 鸡蛋2盒", both)
    assert asked.items == (Wanted(None, 2, "鸡蛋2盒", (EGGS, MORE_EGGS), ("which_product",)),)
    assert asked.doubts == ("which_product",)
    named = one("1. 李四 鸡蛋60枚2盒", both)
    assert (goods(named), named.doubts) == ([(MORE_EGGS, 2)], ())


def test_a_number_alone_is_meant_for_the_one_product_of_the_list() -> None:
    assert [goods(one(line, [EGGS])) for line in ("1. 张三 2份", "1. 张三+2", "1. 张三 两盒")] == [
        [(EGGS, 2)]
    ] * 3
    assert one("1. 香菇2斤", [EGGS]).items[0].product is None
    asked = one("1. 张三 2份")
    assert (asked.name, goods(asked), asked.doubts) == ("张三", [(None, 2)], ("which_product",))


def test_the_end_of_a_name_says_what_it_is() -> None:
    assert goods(one("1. 王姐 土鸡2份")) == [(HEN, 2)]


@pytest.mark.parametrize(
    ("line", "items", "doubt"),
    [
        ("1. 张三 腊肉6斤", [(BACON, 2)], "quantity_unsure"),
        ("1. 张三 半斤泥鳅干", [(LOACH, 1)], "quantity_unsure"),
        ("1. 张三 鸡蛋", [(EGGS, 1)], "quantity_unsure"),
        ("1. 张三 鸡蛋五打", [(EGGS, 2)], "quantity_unsure"),
        ("1. 张三 香菇2斤", [(None, 2)], "unknown_product"),
        ("1. 张三 来点好吃的", [], "no_items"),
        ("1. 腊肉2份", [(BACON, 2)], "no_name"),
        ("1. 张三 腊肉2份 13800000001 13800000002", [(BACON, 2)], "several_phones"),
        ("1. 张三 腊肉2份 记得要瘦的", [(BACON, 2)], "text_left"),
        ("1. 谢谢大家", [], "not_an_order"),
    ],
)
def test_what_is_not_sure_carries_its_doubt(
    line: str, items: list[tuple[str | None, int]], doubt: str
) -> None:
    proposal = one(line)
    assert goods(proposal) == items
    assert doubt in proposal.doubts


@given(
    st.text(alphabet="0123456789.、 \n一两三半十x*鸡蛋土腊肉斤盒份湖南省县村号张三地址:：#🌸", max_size=120)
)
@settings(max_examples=150, deadline=None)
def test_whatever_is_pasted_is_kept_and_every_doubt_has_its_sentence(text: str) -> None:
    proposals = parse(text, PRODUCTS)
    kept = "".join(proposal.raw for proposal in proposals)
    for sign in "鸡蛋腊肉湖南张址🌸":
        assert kept.count(sign) == text.count(sign)
    assert {doubt for proposal in proposals for doubt in proposal.doubts} <= set(DOUBTS)
    assert all(item.qty > 0 for proposal in proposals for item in proposal.items)


def test_what_stands_in_brackets_is_no_part_of_a_name() -> None:
    told = one("14）朱珠（3栋502）鸡蛋1盒")
    assert (told.name, goods(told), told.doubts) == ("朱珠", [(EGGS, 1)], ("text_left",))


def test_one_of_what_is_sold_singly_is_one_pack() -> None:
    assert one("5. 刘洋 土鸡一只").doubts == ()


def test_lines_that_count_up_are_numbered_without_a_sign() -> None:
    assert [(each.name, goods(each)) for each in parse("1 张三 糍粑1份\n2 李四 糍粑2份", PRODUCTS)] == [
        ("张三", [(CAKES, 1)]),
        ("李四", [(CAKES, 2)]),
    ]
    assert goods(one("2 糍粑 张三")) == [(CAKES, 2)]


def test_a_group_before_a_name_is_where_it_goes() -> None:
    told = one("1. 5组张三 糍粑2份")
    assert (told.name, told.address, told.doubts) == ("张三", "5组", ())
    told = one("1. 3栋502刘姐 糍粑2份")
    assert (told.name, told.address) == ("刘姐", "3栋502")
