"""The words of what is open to workers, in the reader's language: what its services ask, and what may come of taking part.

They are declared by the services, in Chinese only; here they stand once more so that the catalogue of translations has them
(a test finds the missing ones).
"""

from django.utils.translation import gettext_noop as _

WORDS = (
    _("订单单位"), _("承办院校"), _("学时"), _("考试"), _("证书"), _("培训后回访"), _("合格"), _("不合格"), _("已上岗使用"),
    _("使用且待遇提高"), _("尚未使用"), _("就读院校"), _("专业"), _("学年资助"), _("毕业"), _("工种"), _("共同主办"), _("成绩"),
    _("初赛"), _("决赛理论"), _("决赛实操"), _("编写单位"), _("服务地点"), _("筛查医院"), _("筛查项目"), _("乳腺和宫颈"), _("乳腺"),
    _("宫颈"), _("面值（元）"), _("清凉包内容"), _("物资内容"), _("求职意向"), _("安置"), _("就业回访"), _("招聘会录用"),
    _("推荐录用"), _("优先吸纳"), _("批量组织"), _("自主创业"), _("结对帮扶"), _("稳定就业"), _("已离职"), _("疗休养地或体检机构"),
)  # fmt: skip
