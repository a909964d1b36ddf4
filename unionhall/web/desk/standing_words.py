"""The words of the standing order's registers, in the reader's language.

They are declared in organisations.vocabulary and roles; here they stand once more so that the catalogue of translations has
them (a test finds the missing ones).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

WORDS = (
    _("区"), _("街道"), _("镇"), _("社区"), _("村"), _("网格"),
    _("区总工会"), _("街道总工会"), _("直属基层工会"), _("独立基层工会"), _("联合工会"), _("社区联合工会"),
    _("行业工会联合会"), _("区域工会联合会"), _("社区工作者工会"),
    _("会站家合一"), _("示范单位"), _("网格试点"),
    _("专职工会社会工作者"), _("退休返聘助理员"), _("工资集体协商指导员"), _("律师"), _("劳动法律监督员"),
    _("国有"), _("集体"), _("非公"), _("外资"), _("机关事业"),
    _("农林牧渔"), _("采矿"), _("制造"), _("电热燃水"), _("建筑"), _("批发零售"), _("交通仓储邮政"), _("住宿餐饮"), _("信息技术"), _("金融"),
    _("房地产"), _("租赁商务"), _("科研技术"), _("水利环境"), _("居民服务"), _("教育"), _("卫生社会工作"), _("文体娱乐"), _("公共管理"), _("国际组织"),
    _("建会率"), _("入会率"), _("签订率"), _("无"),
    _("区总领导"), _("组织部"), _("权益部"), _("帮扶部"), _("劳动和荣誉部"), _("女职工部"), _("宣传部"), _("财务部"),
    _("经审"), _("服务站站长"), _("服务站社工"), _("基层工会干部"), _("系统管理员"), _("安全审计员"),
    _("商户"), _("评分代表"), _("社会组织联络员"), _("心理咨询师"),
)  # fmt: skip


def titles(words: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    """(key, title in the reader's language) for the choices of a form."""
    return ((key, gettext_lazy(word)) for key, word in words.items())
