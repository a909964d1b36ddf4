"""女职工专项集体合同 (妇女权益保障法 第四十四条)."""

from unionhall.agreements.service import AgreementService

service = AgreementService(key="agreement.women", title="女职工专项合同", title_en="women's special contracts", row=22)
