"""Syllables that names of people and employers are put together from. No list of real names stands behind them."""

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
DOUBLE_SURNAMES = ("欧阳", "诸葛", "上官", "司马", "皇甫", "尉迟", "令狐", "慕容")
# The first of the rare ones lie outside the Basic Multilingual Plane: 䶮 U+4DAE, 𬱖 U+2CC56, 𠅤 U+20164.
_FIRST = "建文志国明海春晓雨思子家佳俊永玉宏光立新世忠德福祥瑞天凤金秀少景克长学正启维宝振继兴广仁中亚若书淑桂惠"
_MEN = "军伟强刚勇毅斌峰磊涛超鹏辉杰浩宇龙健波辰昊良庆宁生栋林阳凯旭堃喆䶮𬱖"
_WOMEN = "丽娟芳敏静霞燕玲莉娜琳洁颖雪梅红云兰英芬蓉婷菲瑶萍月欣妍薇倩翊婳㛃𠅤"
MEN = (*(first + second for first in _FIRST for second in _MEN), *_MEN)
WOMEN = (*(first + second for first in _FIRST for second in _WOMEN), *_WOMEN)
_LINKED_FIRST = ("阿依", "买买提", "古丽", "吐尔逊", "艾尼", "帕提", "热合曼", "木合塔", "赛里木", "尼加提", "阿布都", "玛依拉",
                 "艾合买", "努尔兰", "叶尔肯", "巴合提", "库尔班", "迪力夏", "苏来曼", "阿迪力", "其其格", "乌兰", "达瓦", "扎西",
                 "次仁", "格桑", "洛桑", "央金", "卓玛", "旺堆")  # fmt: skip
_LINKED_SECOND = ("提力瓦", "艾山", "依明", "吾甫尔", "卡德尔", "玉素甫", "司马义", "木沙", "热西提", "阿不拉", "库尔曼", "哈力克",
                  "达吾提", "沙吾提", "毛拉", "克里木", "托合提", "斯马胡", "肉孜", "尼亚孜", "巴图", "那仁", "顿珠", "平措",
                  "多吉", "罗布", "边巴", "拉姆", "曲珍", "旦增")  # fmt: skip
LINKED = tuple(f"{first}·{second}" for first in _LINKED_FIRST for second in _LINKED_SECOND)
_LATIN_FIRST = ("Aldo", "Bruna", "Cosmin", "Delia", "Edvin", "Frida", "Goran", "Hilde", "Ivo", "Jolanta", "Kaspar", "Livia",
                "Marek", "Nerea", "Otmar", "Petra", "Quirin", "Rosalia", "Stellan", "Tamsin", "Urban", "Vesna", "Wim", "Xenia",
                "Yoan", "Zora", "Amadou", "Beatriz", "Ciro", "Daina")  # fmt: skip
_LATIN_LAST = ("Abelow", "Brandvik", "Calloway", "Dorninger", "Ekelund", "Farkasz", "Gallardo", "Hovmoller", "Ilvesk", "Jankolo",
               "Kerrigan", "Lindqvara", "Moravez", "Nystrand", "Okonwe", "Pellerino", "Quastler", "Rademak", "Sandovar", "Tiberg",
               "Ulvaeus", "Varga-Nemes", "Westerhoff", "Ximenel", "Ystgaard", "Zelenko", "Archambo", "Birkeland", "Castagno",
               "Delacroy")  # fmt: skip
LATIN = tuple(f"{first} {last}" for first in _LATIN_FIRST for last in _LATIN_LAST)

_FIRM = ("云帆", "青禾", "松筠", "朗月", "听泉", "望舒", "沐石", "晴川", "半夏", "知行", "远岫", "拾光", "守拙", "南乔", "景行", "若谷",
         "长歌", "星野", "既明", "怀瑾", "采薇", "鹿鸣", "扶摇", "清嘉", "有容", "持盈", "洗砚", "栖霞", "归鸿", "临渊")  # fmt: skip
TRADES = (
    ("商贸", "F51"), ("科技", "I65"), ("餐饮管理", "H62"), ("物业管理", "K70"), ("文化传播", "R87"), ("建筑装饰", "E50"),
    ("商务服务", "L72"), ("技术服务", "M75"), ("家政服务", "O80"), ("酒店管理", "H61"), ("物流", "G58"), ("印务", "C23"),
    ("医药", "F52"), ("教育咨询", "P83"), ("投资咨询", "J69"), ("旅行", "L72"),
)  # fmt: skip
_PUBLIC = (("中心学校", "P83"), ("社区卫生所", "Q84"), ("文化馆", "R88"), ("服务事务所", "S92"), ("图书室", "R88"))


def firm(number: int, ownership: str) -> tuple[str, str]:
    """An employer's name, which says that it is an example, and its industry code (GB/T 4754)."""
    word = _FIRM[number * 7 % len(_FIRM)]
    if ownership == "机关事业":
        kind, industry = _PUBLIC[number % len(_PUBLIC)]
        return f"{word}{kind}（示例{number:05d}）", industry
    trade, industry = TRADES[number * 5 % len(TRADES)]
    tail = {"国有": "总公司", "集体": "联社", "外资": "（中国）有限公司"}.get(ownership, "有限公司")
    return f"{word}{trade}{tail}（示例{number:05d}）", industry
