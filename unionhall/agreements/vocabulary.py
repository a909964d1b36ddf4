"""The words of the agreement registers: key -> Chinese title, in the order of the union's own code numbers (1, 2, …)."""

KINDS = {"agreement.collective": "集体合同", "agreement.wage": "工资专项协议", "agreement.women": "女职工专项合同"}
"""Kinds of agreement, by the key of their service."""

LEVELS = {"enterprise": "企业", "area": "区域", "industry": "行业"}
