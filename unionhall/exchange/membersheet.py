"""The members' form: its 15 columns, and what its columns must say of one another. No database."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from unionhall.exchange import kinds
from unionhall.exchange.template import Column, Columns, Row
from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers import KINDS, infer_kind, parse_document
from unionhall.kernel.identifiers.citizen import citizen_fast, read_day

SEXES = {"male": "男", "female": "女"}
HUKOU = {"city_urban": "本市城镇", "city_rural": "本市农业", "other_urban": "外埠城镇", "other_rural": "外埠农业"}
CONTRACTS = {"fixed": "固定期限", "open": "无固定期限", "dispatched": "劳务派遣", "other": "其他"}
STATES = {"active": "正常", "retained": "保留", "transferred": "已转出", "left": "已退会", "deceased": "去世"}
ENDED = ("transferred", "left", "deceased")
"""States that end a membership."""
_OTHER_DOCUMENTS = {"身份证": "citizen", "居民身份证号": "citizen", "二代身份证": "citizen", "港澳通行证": "hm_permit",
                    "回乡证": "hm_permit", "台胞证": "tw_permit", "外国护照": "passport"}  # fmt: skip
_OTHER_SEXES = {"男性": "male", "女性": "female", "M": "male", "F": "female"}
_OTHER_STATES = {"在会": "active", "会籍正常": "active", "保留会籍": "retained", "转出": "transferred", "退会": "left"}
_OTHER_CONTRACTS = {"固定期限劳动合同": "fixed", "无固定期限劳动合同": "open", "派遣": "dispatched"}

COLUMNS = (
    Column("name", "姓名", kinds.person_name(), required=True, aliases=("会员姓名", "职工姓名"),
           explain="与证件一致；少数民族姓名中间用“·”", example="张三"),
    Column("document", "证件类型", kinds.words(KINDS, _OTHER_DOCUMENTS), aliases=("证件种类", "证件名称"), words=KINDS,
           explain="不填时按号码识别", example="居民身份证"),
    Column("document_number", "证件号码", kinds.document_shape(), required=True,
           aliases=("身份证号", "身份证号码", "公民身份号码", "居民身份证号码", "身份证件号码", "有效证件号码", "证件号"),
           explain="18位；旧15位号码自动补为18位；本列须为文本格式", example="（按证件填写）"),
    Column("sex", "性别", kinds.words(SEXES, _OTHER_SEXES), words=SEXES, explain="有身份证的可不填", example="男"),
    Column("birth", "出生日期", kinds.day(), aliases=("出生年月日", "出生年月", "生日"), explain="有身份证的可不填",
           example="1980-05-06"),
    Column("ethnicity", "民族", kinds.text(16), example="汉族"),
    Column("education", "学历", kinds.text(16), aliases=("文化程度", "最高学历"), example="本科"),
    Column("hukou", "户籍性质", kinds.words(HUKOU), aliases=("户口性质", "户籍类型", "户口类型", "户籍类别"), words=HUKOU,
           example="本市城镇"),
    Column("mobile", "手机号码", kinds.mobile(), aliases=("手机", "手机号", "联系电话", "电话", "移动电话", "联系方式"),
           explain="11位手机号；本列须为文本格式", example="（11位手机号）"),
    Column("union", "工会编号", kinds.code(20), required=True,
           aliases=("所属工会编号", "所属工会", "工会名称", "基层工会", "所属工会名称", "所在工会"),
           explain="填工会编号；填工会全称也认", example="（按工会组织表）"),
    Column("uscc", "统一社会信用代码", kinds.uscc(), aliases=("单位代码", "用人单位代码", "信用代码", "单位统一社会信用代码"),
           explain="用人单位的18位代码", example="（按执照填写）"),
    Column("job", "岗位", kinds.text(64), aliases=("职务", "工作岗位", "职业", "工种"), example="会计"),
    Column("contract", "合同类型", kinds.words(CONTRACTS, _OTHER_CONTRACTS), aliases=("劳动合同类型", "用工形式"), words=CONTRACTS,
           example="固定期限"),
    Column("since", "批准入会日期", kinds.day(), required=True, aliases=("入会时间", "入会日期", "批准入会时间", "加入工会时间"),
           explain="工会委员会批准的日期", example="2015-03-01"),
    Column("changed_on", "变动日期", kinds.day(),
           aliases=("变更日期", "异动日期", "离会日期", "退会日期", "转出日期", "转会日期", "终止日期", "会籍变动日期"),
           explain="会籍转接、保留、终止或换单位的日期；没有变动的不填", example="2015-06-30"),
    Column("state", "会籍状态", kinds.words(STATES, _OTHER_STATES), aliases=("会员状态", "会籍"), words=STATES,
           explain="不填为正常；已转出、已退会、去世的须先在册，并填变动日期", example="正常"),
)  # fmt: skip

_CITIZEN_FORMS = frozenset(("", "citizen"))


def check(row: Row) -> Row:
    """The number read as the kind of document stated or recognised; sex and birth by the number, never against it.

    Settles `document` (with a question mark when recognised but not for certain), `document_number`, `sex`, `birth` and
    `state`. The columns may not contradict the number.
    """
    number = row.document_number
    kind: str
    sex: str | None
    if row.document in _CITIZEN_FORMS and citizen_fast(number) and not number.endswith("000"):
        kind, sex, birth = "citizen", "male" if number[16] in "13579" else "female", read_day(number[6:14])
    else:
        kind, number, sex, birth = _slowly(row)
    if sex is not None and row.sex and sex != row.sex:
        raise Refused(
            "性别填“{sex}”，证件号码第17位表示“{sex_2}”，请核对", code="sex", sex=SEXES[row.sex], sex_2=SEXES[sex]
        )
    if birth is not None and row.birth is not None and birth != row.birth:
        raise Refused(
            "出生日期填 {birth}，证件号码中是 {birth_2}，请核对",
            code="birth",
            birth=row.birth.isoformat(),
            birth_2=birth.isoformat(),
        )
    at, name, _, _, stated_sex, stated_birth, *rest, state, digest = row
    return at, name, kind, number, sex or stated_sex, birth or stated_birth, *rest, state or "active", digest


_SEX = {digit: ("female", "male")[int(digit) % 2] for digit in "0123456789"}


def check_all(columns: Columns) -> tuple[list[Sequence[Any]], Sequence[int]]:
    """`check` for many rows: those whose number is a citizen's at sight and whose columns do not contradict it."""
    settled = list(columns)
    at = {column.key: place for place, column in enumerate(COLUMNS, 1)}
    documents, numbers = columns[at["document"]], columns[at["document_number"]]
    sexes, births = columns[at["sex"]], columns[at["birth"]]
    own_sexes = [_SEX.get(number[16:17], "") for number in numbers]
    own_births = [read_day(number[6:14]) for number in numbers]
    settled[at["document"]] = ["citizen"] * len(numbers)
    settled[at["sex"]], settled[at["birth"]] = own_sexes, own_births
    settled[at["state"]] = [state or "active" for state in columns[at["state"]]]
    return settled, [
        place
        for place, (document, number, sex, own_sex, birth, own_birth) in enumerate(
            zip(documents, numbers, sexes, own_sexes, births, own_births, strict=True)
        )
        if document not in _CITIZEN_FORMS or sex not in ("", own_sex) or (birth is not None and birth != own_birth)
        or not citizen_fast(number) or number.endswith("000")
    ]  # fmt: skip


def _slowly(row: Row) -> tuple[str, str, str | None, date | None]:
    """Any document, by the kernel's parsers; a kind stated is believed only if the number has its form."""
    kind, sure = (row.document, True) if row.document else infer_kind(row.document_number)
    try:
        found = parse_document(row.document_number, kind, today=kinds.today())
    except Refused as refused:
        raise refused.at("document_number") from None
    if found.sex is None and not row.sex:
        raise Refused("{kind}看不出性别，请填写性别", code="sex", kind=KINDS[kind])
    if found.birth is None and row.birth is None:
        raise Refused("{kind}看不出出生日期，请填写出生日期", code="birth", kind=KINDS[kind])
    return kind if sure else f"{kind}?", found.number, found.sex, found.birth
