"""The words of the register of honours: key -> Chinese title, in the order of the union's own code numbers (1, 2, …)."""

LEVELS = {"national": "全国", "city": "市", "district": "区"}
RECIPIENTS = {"person": "个人", "team": "班组", "unit": "单位", "collective": "集体", "result": "成果"}
