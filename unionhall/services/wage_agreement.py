"""工资专项协议 (工资集体协商试行办法)."""

from unionhall.agreements.service import AgreementService

service = AgreementService(key="agreement.wage", title="工资专项协议", title_en="wage agreements", row=22)
