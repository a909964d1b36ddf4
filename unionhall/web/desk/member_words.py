"""The words of the members' register, in the reader's language: their tables stand below, in Chinese only."""

from django.utils.translation import gettext_noop as _

WORDS = (
    _("正常"), _("保留"), _("已转出"), _("已退会"), _("去世"), _("已撤销"), _("男"), _("女"), _("本市城镇"), _("本市农业"),
    _("外埠城镇"), _("外埠农业"), _("固定期限"), _("无固定期限"), _("劳务派遣"), _("其他"), _("居民身份证"), _("港澳台居民居住证"),
    _("港澳居民来往内地通行证"), _("台湾居民来往大陆通行证"), _("外国人永久居留身份证"), _("护照"), _("本人"), _("工会干部"),
    _("单位人事名册"), _("刷卡"), _("同名同手机号"),
)  # fmt: skip
"""Collected by the catalogue of translations; a test compares them with the tables."""
