"""The words pages use for what the catalogue declares, in the reader's language.

Declarations carry a title and a definition in both languages. The short words they share (column headings, names of
registers and bases) stand here once, so that the catalogue of translations holds them; a test finds the missing ones.
"""

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from unionhall import catalogue
from unionhall.exchange import spoken
from unionhall.indicators.figures import Figure, Flow, Rate, Ratio, Stock, Value
from unionhall.indicators.service import Service
from unionhall.kernel.period import Period

COUNTING = {"rows": _("按记录计"), "people": _("按人去重"), "employers": _("按单位去重"), "sum": _("按数额求和")}
MODES = {"flow": _("当期发生数"), "stock": _("时点数")}

HEADERS = (
    _("代码"), _("名称"), _("启用"), _("撤销"), _("单位"), _("名单"), _("名单日期"), _("职工人数"), _("次数"), _("首次"),
    _("末次"), _("日期"), _("姓名"), _("类别"), _("数量"), _("金额"), _("编号"), _("批准日期"), _("撤销日期"), _("工会"),
    _("起"), _("止"), _("站名"), _("地址"), _("成立"), _("验收"), _("工号"), _("服务站"), _("到岗"), _("离岗"), _("编制"),
    _("入会"), _("卡号"), _("制卡"), _("发放"), _("激活"), _("项目"), _("服务商"), _("签订"), _("生效"), _("届满"),
    _("授予日期"), _("获得者"), _("记录"), _("书名"), _("入驻"), _("退出"), _("星级"), _("授予"), _("有效期至"),
)  # fmt: skip

HONOURS = (
    _("全国"), _("市"), _("区"), _("劳模、先进工作者"), _("经审先进单位"), _("优秀创新成果"), _("优秀合理化建议"), _("优秀首席员工"),
    _("创新工程优秀组织单位"), _("劳动奖状"), _("劳动奖章"), _("工人先锋号"), _("模范集体"),
)  # fmt: skip
"""Levels and titles by which figures count honours."""
REGISTERS = (
    _("区划树"), _("法人单位名册与工会覆盖"), _("法人单位名册"), _("工会覆盖单位"), _("工会组织登记"), _("工会组织标记"),
    _("服务站登记"), _("站工作人员登记"), _("服务站编制"), _("会籍登记"), _("会籍登记与法人单位名册"),
    _("会籍登记与京卡登记"), _("京卡登记"),
    _("服务项目登记"), _("协议登记"), _("协议覆盖单位"), _("应签企业名单与协议覆盖"), _("应签企业名单"),
    _("关爱室登记"), _("社会组织登记"), _("星级登记"),
)  # fmt: skip

KINDS = (
    _("社会组织登记"), _("通用能力培训"), _("定向岗位培训"), _("创业岗位技能培训"), _("集体协商培训"), _("参加市总培训"), _("烹饪"), _("广播操"), _("办公技能"),
    _("服务技能"), _("其他技能"), _("文化"), _("体育"), _("读书"), _("亲子"), _("表彰大会"), _("女职工图书"), _("经验汇编"), _("其他资料"),
    _("个体咨询"), _("团体辅导"), _("悦读会"), _("女性维权"), _("心理健康"), _("养生保健"), _("法律知识"), _("职业技能"), _("农民工"), _("劳务派遣工"),
    _("出租车司机"), _("其他一线职工"), _("大型招聘会"), _("洽谈会"), _("专项招聘会"), _("职业培训"), _("就业见习"), _("就业对接"), _("疗休养"), _("体检"),
    _("就业"), _("维权"), _("帮困"),
)  # fmt: skip
"""The kinds services of offers tell their items apart by."""

BASES = (
    _("法人单位名册（用途：建会率）"), _("在用的服务站"), _("服务站编制"), _("法人单位名册（用途：入会率）的职工人数"),
    _("在册会员"), _("已制成的有效卡"), _("期末在册会员"), _("应签企业名单（用途：签订率）中已建会的企业"),
    _("当期领到筛查卡的女职工"),
)  # fmt: skip


def english() -> bool:
    return (get_language() or "").startswith("en")


def title(declared: Figure | Service) -> str:
    """The title of a figure or a service; in English as the beginning of a line."""
    return _capital(declared.title_en) if english() else declared.title


def unit(figure: Figure) -> str:
    return figure.unit_en or figure.unit if english() else figure.unit


def definition(figure: Figure) -> str:
    return figure.definition_en if english() else figure.definition


def counting(figure: Figure) -> str:
    return gettext(COUNTING[figure.counting])


def mode(figure: Figure) -> str:
    return gettext(MODES[figure.mode])


def base(figure: Figure) -> str:
    return gettext(figure.base) if isinstance(figure, Ratio) else ""


def source(figure: Figure) -> str:
    """What kind of record is counted: a register, or what the journal of one service tells of, in words."""
    if isinstance(figure, Ratio):
        return f"{source(figure.numerator)} ÷ {source(figure.denominator)}"
    if isinstance(figure, Flow):
        declared = next((one for one in catalogue.SERVICES if one.key == figure.service), None)
        said = [
            gettext("办事日志 · %(service)s")
            % {"service": title(declared) if declared else spoken.service(figure.service)}
        ]
        kinds = "、".join(kind(figure.service, figure.act, key) for key in figure.kinds)
        return " · ".join([*said, act(figure.service, figure.act), *([kinds] if kinds else [])])
    return gettext(figure.of) if isinstance(figure, Stock) else figure.source


def act(service: str, name: str) -> str:
    """What was done, in a word."""
    return gettext(spoken.act(service, name))


def kind(service: str, name: str, key: str) -> str:
    """The kind of what was done, in words; empty for none."""
    said = spoken.kind(service, name, key)
    return " · ".join(gettext(word) for word in said.split(" · ")) if said else ""


def subject(text: str) -> str:
    """What a line is about: "card:17" as 京卡 17."""
    about = spoken.subject(text)
    named = gettext(spoken.SUBJECTS[about.key]) if about.key in spoken.SUBJECTS else ""
    return f"{named} {about.number}" if named and about.number else about.words


def header(text: str) -> str:
    return gettext(text)


def period(of: Period) -> str:
    """A period as people say it: 2015 年 · 2015 年 3 月 · 2015-01-01 至 2015-05-20."""
    return _english(of) if english() else str(of)


def month(of: Period) -> str:
    """A month within its year: 3 月 · Mar."""
    return f"{of.start:%b}" if english() else f"{of.start.month} 月"


def growth(now: Value, before: Value) -> str:
    """The change against a year earlier: "+12.4%", or percentage points for a rate; empty without a base to compare with."""
    if isinstance(now, Rate) and isinstance(before, Rate):
        if now.percent is None or before.percent is None:
            return ""
        points = now.percent - before.percent
        return gettext("%(points)s 个百分点") % {"points": f"{points:+.2f}"} if points else gettext("持平")
    if not isinstance(now, int) or not isinstance(before, int) or before <= 0:
        return ""
    return f"{(now - before) * 100 / before:+,.1f}%" if now != before else gettext("持平")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _english(of: Period) -> str:
    if of == Period.year(of.start.year):
        return str(of.start.year)
    if of == Period.month(of.start.year, of.start.month):
        return f"{of.start:%B} {of.start.year}"
    return f"{of.start.isoformat()} to {of.last.isoformat()}"
