"""The words of the registers: key -> Chinese title, in the order of the union's own code numbers (1, 2, …)."""

PLACE_KINDS = {"district": "区", "street": "街道", "town": "镇", "community": "社区", "village": "村", "cell": "网格"}

UNION_KINDS = {
    "district_federation": "区总工会",
    "street_federation": "街道总工会",
    "direct": "直属基层工会",
    "independent": "独立基层工会",
    "joint": "联合工会",
    "community_joint": "社区联合工会",
    "industry_federation": "行业工会联合会",
    "area_federation": "区域工会联合会",
    "community_workers": "社区工作者工会",
}
FEDERATIONS = ("street_federation", "district_federation")
"""The unions over a street or town and over the district."""
JOINT_KINDS = ("joint", "community_joint")
"""Unions of several employers: an employer is brought in by their cover, not by a founding of its own."""

UNION_TAGS = {"three_in_one": "会站家合一", "demonstration": "示范单位", "grid_pilot": "网格试点"}

STAFF_KINDS = {
    "social_worker": "专职工会社会工作者",
    "assistant": "退休返聘助理员",
    "instructor": "工资集体协商指导员",
    "lawyer": "律师",
    "inspector": "劳动法律监督员",
}

OWNERSHIP = {"state": "国有", "collective": "集体", "private": "非公", "foreign": "外资", "public": "机关事业"}

INDUSTRIES = {
    "A": "农林牧渔",
    "B": "采矿",
    "C": "制造",
    "D": "电热燃水",
    "E": "建筑",
    "F": "批发零售",
    "G": "交通仓储邮政",
    "H": "住宿餐饮",
    "I": "信息技术",
    "J": "金融",
    "K": "房地产",
    "L": "租赁商务",
    "M": "科研技术",
    "N": "水利环境",
    "O": "居民服务",
    "P": "教育",
    "Q": "卫生社会工作",
    "R": "文体娱乐",
    "S": "公共管理",
    "T": "国际组织",
}
"""The divisions of GB/T 4754, by the letter an industry code begins with."""

REGISTER_USES = {"unionisation": "建会率", "membership": "入会率", "bargaining": "签订率", "none": "无"}
"""Which rate a dated list of employers is the base of. "none": the list only records employers."""

SOCIAL_KINDS = {"centre": "中心", "association": "协会"}
SOCIAL_FIELDS = {"employment": "就业", "culture": "文化", "sport": "体育", "rights": "维权", "aid": "帮困"}
"""What an association of the base is there for."""

ROOM_KINDS = {"mother_baby": "母婴关爱室"}
