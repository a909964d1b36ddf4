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
