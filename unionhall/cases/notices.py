"""What cases send word about. The short text names no matter: that somebody is helped is nobody else's business."""

from collections.abc import Mapping

from unionhall.cases import service as services
from unionhall.cases.models import Case
from unionhall.messages.kinds import EN, ZH, Kind, Words


def about(case: Case) -> dict[str, str | Mapping[str, str]]:
    """The merge fields by which every notice says which matter it is about."""
    service = services.find(case.service)
    return {"service": {ZH: service.title, EN: service.title_en}, "number": case.number}


MOVED = Kind(
    key="case.moved",
    title="服务事项有进展",
    title_en="A matter has moved on",
    fields={"service": "服务名称", "number": "事项编号", "on": "日期"},
    words={
        ZH: Words(
            "您的事项有了进展",
            "您的“{service}”（编号 {number}）在 {on} 有了新的进展。想知道详情，请到工会服务站询问，或拨打 12351，报上编号。",
            "您在工会办理的事项有了进展，请登录查看。",
        ),
        EN: Words(
            "Your matter has moved on",
            "Your matter “{service}” (number {number}) moved on, on {on}. To know more, ask at a union service station or "
            "call 12351, and give the number.",
            "A matter of yours with the union has moved on. Please sign in to read about it.",
        ),
    },
)

GIVEN_BACK = Kind(
    key="case.given_back",
    title="需要补充材料",
    title_en="Papers are missing",
    fields={"service": "服务名称", "number": "事项编号", "reason": "缺什么"},
    words={
        ZH: Words(
            "请补充材料",
            "您的“{service}”（编号 {number}）还需要补充：{reason} 补齐以后继续办理。",
            "您在工会办理的事项需要补充材料，请登录查看。",
        ),
        EN: Words(
            "Papers are missing",
            "Your matter “{service}” (number {number}) still needs: {reason} It goes on once they are there.",
            "A matter of yours with the union needs more papers. Please sign in to read which.",
        ),
    },
)
DUE = Kind(
    key="case.due",
    title="办理期限提醒",
    title_en="A matter is due",
    fields={"service": "服务名称", "number": "事项编号", "clock": "哪一项期限", "on": "到期日期"},
    words={
        ZH: Words(
            "有事项就要到期",
            "“{service}”（编号 {number}）应在 {on} 前完成：{clock}。",
            "您承办的一件事项就要到期，请登录查看。",
        ),
        EN: Words(
            "A matter is due",
            "“{service}” (number {number}) is due by {on}: {clock}.",
            "A matter you handle is due. Please sign in.",
        ),
    },
)
RISEN = Kind(
    key="case.risen",
    title="超期事项上报",
    title_en="An overdue matter has risen",
    fields={"service": "服务名称", "number": "事项编号", "clock": "哪一项期限", "on": "到期日期"},
    words={
        ZH: Words(
            "超期事项转由您承办",
            "“{service}”（编号 {number}）的“{clock}”已于 {on} 到期而没有办到，现在由您这一级承办。",
            "有一件超期事项转由您承办，请登录查看。",
        ),
        EN: Words(
            "An overdue matter is yours now",
            "“{service}” (number {number}) was due by {on}: {clock}. Your office answers for it now.",
            "An overdue matter is yours now. Please sign in.",
        ),
    },
)
GIVEN = Kind(
    key="case.given",
    title="事项交您办理",
    title_en="A matter was given to you",
    fields={"service": "服务名称", "number": "事项编号"},
    words={
        ZH: Words(
            "有一件事项交您办理",
            "“{service}”（编号 {number}）交由您办理，请登录查看办理期限。",
            "有一件事项交由您办理，请登录查看。",
        ),
        EN: Words(
            "A matter is yours to handle",
            "“{service}” (number {number}) was given to you. Please sign in to see by when it is due.",
            "A matter was given to you to handle. Please sign in.",
        ),
    },
)
PAPER = Kind(
    key="case.paper",
    title="有文书发给您",
    title_en="A paper was made out to you",
    fields={"service": "服务名称", "number": "事项编号", "paper": "文书名称"},
    words={
        ZH: Words(
            "有一份文书发给您",
            "您的“{service}”（编号 {number}）有一份“{paper}”，请到“有话说”里打开这件事下载。盖章的原件由服务站交给您。",
            "工会有一份文书发给您，请登录查看。",
        ),
        EN: Words(
            "A paper was made out to you",
            "There is a paper, “{paper}”, about your matter “{service}” (number {number}). Open the matter to take it home; the sealed "
            "original is handed to you by the station.",
            "The union has made out a paper to you. Please sign in to read it.",
        ),
    },
)

NOTICES = (MOVED, GIVEN_BACK, DUE, RISEN, GIVEN, PAPER)
