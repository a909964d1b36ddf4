"""集体合同 (劳动合同法 第五十一至五十六条)."""

from unionhall.agreements.service import AgreementService

service = AgreementService(key="agreement.collective", title="集体合同", title_en="collective contracts", row=22)
