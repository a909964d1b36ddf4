"""The time limits the laws set for what a federation handles: each a list of versions, in force from their days.

Checked against the law texts of 2025-04; a new version of a law is one more `Limit` at the end of its list. Days are
calendar days where the law says 日, working days where it says 工作日.
"""

from datetime import date

from unionhall.kernel.clock import Limit

_NEG = date(2012, 1, 1)  # 企业劳动争议协商调解规定, in force
_LDL = date(2008, 5, 1)  # 劳动争议调解仲裁法, in force
_LAL = date(2022, 1, 1)  # 法律援助法, in force
_BJ_TU = date(2016, 1, 1)  # 北京市实施《工会法》办法, as amended 2015

NEGOTIATION_ANSWERED = (Limit("企业劳动争议协商调解规定 第十条", days=5, since=_NEG),)
"""An employer that does not answer an offer to negotiate does not want to."""
MEDIATION_ACCEPTED = (Limit("企业劳动争议协商调解规定 第二十二条", working_days=3, since=_NEG),)
MEDIATION_ENDED = (Limit("企业劳动争议协商调解规定 第二十九条", days=15, since=_NEG, more=15),)
"""From acceptance. More days need the consent of both sides, which is the reason given when asking: one more term."""
MEDIATION_REVIEWED = (Limit("企业劳动争议协商调解规定 第二十七条", days=15, since=_NEG),)
"""Both sides may ask the arbitration commission to review their agreement."""
ARBITRATION_OPENS = (Limit("劳动争议调解仲裁法 第十四条", days=15, since=_LDL),)
"""From the application: without an agreement by then, either side may go to arbitration."""
LIMITATION = (Limit("劳动争议调解仲裁法 第二十七条", months=12, since=_LDL),)
AWARDED = (Limit("劳动争议调解仲裁法 第四十三条", days=45, since=_LDL, more=15),)
SUED = (Limit("劳动争议调解仲裁法 第五十条", days=15, since=_LDL),)
ANNULLED = (Limit("劳动争议调解仲裁法 第四十九条", days=30, since=_LDL),)
CONFIRMED = (Limit("人民调解法 第三十三条", days=30, since=date(2011, 1, 1)),)
"""By a court, of an agreement before a people's mediation committee."""
INSPECTED = (Limit("劳动保障监察条例 第十七条", working_days=60, since=date(2004, 12, 1), more=30),)
LEGAL_AID_DECIDED = (
    Limit("北京市法律援助条例 第二十一条", working_days=5, since=date(2009, 3, 1)),
    Limit("法律援助法 第四十三条", days=7, since=_LAL),
)
LEGAL_AID_ASSIGNED = (Limit("法律援助法 第四十三条", days=3, since=_LAL),)
EMPLOYER_ANSWERED = (Limit("北京市实施《工会法》办法 第二十八条", days=15, since=_BJ_TU),)
"""An employer answers the union's written demand; afterwards it goes to the authority."""
AUTHORITY_REPORTED = (Limit("北京市实施《工会法》办法 第二十八条", working_days=15, since=_BJ_TU),)
