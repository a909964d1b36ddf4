"""The words of the case registers: key -> Chinese title, in the order of the union's own code numbers (1, 2, …)."""

DISPUTE_CAUSES = {
    "pay": "劳动报酬",
    "termination": "解除终止",
    "injury": "工伤",
    "insurance": "社会保险",
    "compensation": "经济补偿",
    "contract": "劳动合同",
    "other": "其他",
}
CORRECTIONS = {
    "name": "姓名",
    "number": "证件号码",
    "birth": "性别或出生日期",
    "mobile": "手机号",
    "background": "民族、学历或户籍",
    "work": "单位或工会",
    "card": "会员服务卡",
    "other": "其他",
}
"""What of a member's record is said to be wrong."""
CHANNELS = {"visit": "来访", "phone": "电话", "arbitration": "仲裁委托", "court": "法院委托", "grid": "网格"}
DISPUTE_RESULTS = {"agreed": "达成协议", "failed": "未达成", "withdrawn": "撤回", "transferred": "转出"}

MEANS = {
    "examined": "已核查，符合经济困难标准",
    "migrant_pay": "请求支付劳动报酬的进城务工人员，免予核查经济困难状况（《法律援助法》第四十二条第三项）",
    "migrant_injury": "请求工伤事故人身损害赔偿的进城务工人员，免予核查经济困难状况（《法律援助法》第四十二条第三项）",
    "relief": "社会救助、司法救助或者优抚对象，免予核查经济困难状况（《法律援助法》第四十二条第二项）",
    "dependent": "无固定生活来源的未成年人、老年人、残疾人等特定群体，免予核查经济困难状况（《法律援助法》第四十二条第一项）",
}
"""How it was decided about somebody's means when legal aid was given: by asking, or exempt from being asked, by which rule."""
LEGAL_RESULTS = {
    "won": "请求全部得到支持",
    "partly": "请求部分得到支持",
    "settled": "调解或和解",
    "lost": "请求没有得到支持",
    "dropped": "撤诉或终止援助",
}
"""How a case ended in which a lawyer represented somebody."""

GRANTS = {
    "aid.medical": "医疗救助",
    "aid.study": "助学",
    "aid.emergency": "应急救助",
    "aid.festival": "节日慰问",
    "aid.living": "生活救助",
    "aid.job": "就业帮扶",
    "honour.bonus": "劳模专项奖励",
}
"""Grants of money, by the key of their service."""

GRANT_FORMS = {"cash": "现金", "goods": "实物"}
HARDSHIPS = {"deep": "深度困难", "relative": "相对困难", "accident": "意外致困"}
AID_CAUSES = {
    "illness": "疾病",
    "accident": "意外伤害",
    "disaster": "灾害",
    "disability": "残疾",
    "schooling": "子女就学",
    "unemployed": "失业",
    "income": "收入过低",
    "other": "其他",
}
"""What help is asked for because of; twice in a year for the same is an overlap."""

WHY_NO_UNION = {
    "unknown": "还没有联系过",
    "willing": "愿意建会",
    "unaware": "不了解，需要再做工作",
    "unwilling": "单位不愿建会",
    "few": "职工太少",
    "elsewhere": "总部在外，随总部建会",
    "absent": "不在登记地经营",
    "unreachable": "联系不上",
    "gone": "单位注销或迁出",
    "has": "已经建会，登记没有跟上",
    "other": "其他",
}
"""Why an employer has no union, as it was found at the last contact."""
NO_REASON_TO_STOP = ("unknown", "willing")
"""Reasons for which an employer is not given up."""
WAYS_TO_FOUND = {"own": "单独建会", "joint": "加入联合工会"}
CHAIRS = {
    "clear": "都不是",
    "legal": "是单位的法定代表人",
    "relative": "是单位主要负责人的近亲属",
    "personnel": "主管劳动、工资或人事",
}
"""What was looked at of an elected chair: 工会法 第十条, 北京市实施《工会法》办法 第十四条."""
TERMS_OF_OFFICE = {"3": "三年", "5": "五年"}
"""工会法 第十六条."""
