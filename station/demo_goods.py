"""What the households of the demo village sell, and who has ordered it."""

from dataclasses import dataclass

from station.residents import Need, ResidentIn

SELLERS = {
    "郑家": ResidentIn("郑桂英", ("13900005178",), "郑家", "五组", "郑婆婆", (Need.ELDERLY,)),
    "何家": ResidentIn("何秀莲", ("13800007720",), "何家", "七组"),
    "孙家": ResidentIn("孙大勇", ("15000003315",), "孙家", "三组"),
    "吴家": ResidentIn("吴国强", ("18700002206",), "吴家", "二组"),
}
HELPED = "郑家"
# By its short name, which begins the labels of its lots: name, kind, unit.
PRODUCTS = {
    "蛋": ("土鸡蛋", "eggs", "枚"),
    "糍": ("糯米糍粑", "vacuum", "斤"),
    "腊": ("柴火腊肉", "vacuum", "斤"),
    "鸡": ("土鸡（宰好）", "poultry_killed", "只"),
}


@dataclass(frozen=True, slots=True)
class Pack:
    """What one household's product costs, and its page: `units` of it in a pack, `grams` with everything."""

    units: int
    fen: int
    grams: int
    title: str
    title_en: str
    story: str
    story_en: str


PACKS = {
    "蛋": Pack(
        *(30, 4800, 1650, "土鸡蛋 30 枚", "30 village eggs"),
        "郑婆婆养了 80 只鸡，白天放在屋后茶山，晚上自己回来。蛋有大有小，壳色不一。",
        "Grandmother Zheng's 80 hens spend the day on the tea hill behind the house.",
    ),
    "糍": Pack(
        *(2, 3200, 1050, "糯米糍粑 2 斤", "Sticky rice cakes, 1 kg"),
        "七组何家石臼打的，真空装。",
        "Pounded in a stone mortar, vacuum-packed.",
    ),
    "腊": Pack(
        *(3, 16500, 1550, "柴火腊肉 3 斤", "Smoked pork, 1.5 kg"),
        "三组孙家，熏了二十天。",
        "Smoked for twenty days over the kitchen fire.",
    ),
    "鸡": Pack(
        *(1, 12800, 1600, "土鸡（宰好）1 只", "Village hen, dressed"),
        "二组吴家散养的，早上宰好，冰袋装箱。",
        "Dressed in the morning, packed with ice.",
    ),
}
# Days ago, household, product, units, grams.
INTAKES = (
    (7, "孙家", "腊", 36, 18_000),
    (3, "郑家", "蛋", 210, 11_500),
    (2, "何家", "糍", 50, 25_000),
    (1, "郑家", "蛋", 390, 21_400),
    (0, "吴家", "鸡", 6, 9_600),
)
# Days ago, source, state, product, packs; who and where.
ORDERS = (
    (2, "market", "confirmed", "蛋", 1, ("梁颖", "13600006610", "广东省 广州市 天河区 五山街道 五山路 8 号")),
    (2, "phone", "confirmed", "糍", 2, ("谭国庆", "13600007719", "湖南省 长沙市 雨花区 侯家塘街道 城南路 45 号")),
    (2, "market", "confirmed", "蛋", 2, ("蒋丽", "13600005527", "湖南省 株洲市 天元区 泰山路街道 珠江路 12 号")),
    (2, "chat", "confirmed", "腊", 1, ("彭建军", "13600004402", "湖北省 武汉市 洪山区 珞南街道 珞喻路 77 号")),
    (0, "market", "confirmed", "蛋", 2, ("周晓梅", "13600002275", "湖南省 长沙市 岳麓区 桔子洲街道 枫林路 18 号")),
    (0, "phone", "confirmed", "蛋", 1, ("林芳", "13600000810", "湖北省 武汉市 江汉区 常青街道 新湾路 3 号")),
    (0, "chat", "confirmed", "糍", 1, ("谭勇", "13600007710", "湖南省 长沙市 开福区 通泰街街道 中山路 60 号")),
    (0, "phone", "confirmed", "腊", 1, ("黄志强", "13600003308", "广东省 深圳市 南山区 粤海街道 科苑路 9 号")),
    (0, "market", "reserved", "蛋", 1, ("何敏", "13600001142", "湖南省 湘潭市 雨湖区 城正街街道 解放路 21 号")),
    (0, "market", "reserved", "鸡", 1, ("邓小玲", "13600009035", "湖南省 长沙市 芙蓉区 定王台街道 五一路 6 号")),
    (0, "taobao", "held", "腊", 1, ("陈**", "136****8820", "湖南省 岳阳市 岳阳楼区 三眼桥街道 ****")),
)  # fmt: skip
