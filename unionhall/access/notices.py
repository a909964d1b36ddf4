"""What access sends word about."""

from unionhall.messages.kinds import EN, ZH, Kind, Words

_SHORT = {
    ZH: "您在工会工作台有一件事有了结果，请登录查看。",
    EN: "Something you asked for has been decided. Please sign in to read it.",
}

EXPORT_ALLOWED = Kind(
    key="export.allowed",
    title="导出申请获准",
    title_en="An export was allowed",
    fields={"title": "申请导出的内容", "people": "人数", "officer": "审批人"},
    words={
        ZH: Words(
            "导出申请获准",
            "您申请的“{title}”（{people} 人）已由{officer}同意，24 小时内可以导出一次。过后要重新申请。",
            _SHORT[ZH],
        ),
        EN: Words(
            "Your export was allowed",
            "{officer} allowed “{title}” ({people} people). You can export it once within 24 hours; then ask again.",
            _SHORT[EN],
        ),
    },
)

EXPORT_REFUSED = Kind(
    key="export.refused",
    title="导出申请未获准",
    title_en="An export was not allowed",
    fields={"title": "申请导出的内容", "officer": "审批人", "because": "理由"},
    words={
        ZH: Words("导出申请未获准", "您申请的“{title}”没有获准。{officer}写的理由：{because}", _SHORT[ZH]),
        EN: Words(
            "Your export was not allowed", "“{title}” was not allowed. {officer} gave the reason: {because}", _SHORT[EN]
        ),
    },
)

NOTICES = (EXPORT_ALLOWED, EXPORT_REFUSED)
