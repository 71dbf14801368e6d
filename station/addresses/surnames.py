"""Is it a person's name? By surname, title and shape; a place is told by how it ends or by the table of divisions."""

import re

from station.addresses.divisions import table
from station.addresses.traditional import simplified

_HAN = "\u3400-\u9fff"
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍"
    "史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈"
    "项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左"
    "石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖"
    "武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍璩桑桂濮牛寿通"
    "边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾"
    "敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公覃粟植税苟佘佟麦闫岳帅肖代付涂仝楚仵阳兰邸揭栗母尧敬冼"
    "旷隋原甯芦晋晓戢但修展青撒苑由亓未来漆税卿银次奉门藏朴"
)
_DOUBLE = (
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "皇甫",
    "东方",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "司徒",
    "夏侯",
    "长孙",
    "端木",
    "南宫",
)
# Tibetan names have no surname; these begin many of them.
_GIVEN = (
    "扎西", "卓玛", "次仁", "次旺", "达瓦", "格桑", "洛桑", "旦增", "丹增", "尼玛", "索朗", "巴桑", "多吉", "普布",
    "白玛", "仁增", "才让", "拉毛", "德吉", "央金", "平措", "强巴", "阿旺", "米玛", "边巴", "土登", "桑吉",
)  # fmt: skip
_TITLE = re.compile(
    r"(?:先生|女士|小姐|老师|大爷|大娘|大妈|大姐|大哥|奶奶|爷爷|阿姨|叔叔|师傅|老板|经理|书记|主任|医生|嫂子?|婶子?|叔|伯|姨|姐|哥|妹|总|工)$"
)
_SHAPE = re.compile(
    rf"(?:[{_HAN}]{{2,4}}|[{_HAN}]{{1,8}}(?:[·•・.][{_HAN}]{{1,8}}){{1,3}}|[{_HAN}]{{1,5}}(?:先生|女士|小姐|老师)|[A-Za-z][A-Za-z.'-]{{1,14}}(?: [A-Za-z][A-Za-z.'-]{{0,14}}){{0,2}}"
    rf"|[{_HAN}]{{1,3}}[A-Za-z*xX]{{1,3}})(?:\([^()]{{0,8}}\)|\[[0-9]{{2,6}}\])?(?:亲?收)?"
)
_PLACE_END = re.compile(
    r"[省市县区州旗盟镇乡村组社屯寨路街巷号室栋楼店厂校院站园场队湾坝沟坡塘坳冲坪岭屋口旁边前后里坑垭垄垸圩埠渡桥连营庄集铺]$"
)
_PLACE_START = re.compile(r"(?:放|送|请|勿|不要|自提|代收|备注|谢谢)")
_SHORT_FORMS = re.compile(r"[阿小老大][\u3400-\u9fff]")


def looks_like_a_name(text: str) -> bool:
    return bool(_SHAPE.fullmatch(text)) and not _PLACE_START.match(text)


def is_named_like_a_person(text: str) -> int:
    """From 3 (a surname or a title) down to minus 7 (a division's name that ends like a place)."""
    bare = simplified(re.sub(r"[\[(].*|亲?收$", "", text) or text)
    if bare.isascii():
        return 0
    if "·" in bare or "•" in bare or _TITLE.search(bare) or bare.startswith(_DOUBLE):
        return 3
    known_start = bare[0] in _SURNAMES or bare.startswith(_GIVEN)
    score = 3 if known_start else 1 if _SHORT_FORMS.match(bare) else -1
    if len(bare) > 3 and not bare.startswith(_GIVEN):
        score -= 2
    if _PLACE_END.search(bare) and not (
        len(bare) <= 3 and bare[0] in _SURNAMES and bare[-1] in "园桥连营里庄集"
    ):
        score -= 4
    known = table()
    if bare in known.provinces or bare in known.cities or bare in known.counties_named:
        score -= 4
    return score


def has_surname(text: str) -> bool:
    text = simplified(text)
    return text[:1] in _SURNAMES or text.startswith(_DOUBLE)


# 溆浦县桥江镇新田村5组张三: the person at the end; 张家湾 is a place.
_GLUED_END = re.compile(
    rf"(?P<rest>.*(?:[0-9]|[一二三四五六七八九十])?(?:组|号|室|栋|单元|队|村|社|屯|寨|户|楼))(?P<name>[{_HAN}]{{2,3}}?)(?:亲?收)?"
)


def split_end(text: str) -> tuple[str, str] | None:
    """`…5组张三` → (`…5组`, `张三`)."""
    found = _GLUED_END.fullmatch(text)
    if not found or not has_surname(found["name"]) or _PLACE_END.search(found["name"]):
        return None
    return found["rest"], found["name"]
