"""Values that have broken programs: sent to every parameter of every address."""

NASTY: tuple[str, ...] = (
    # nothing, and almost nothing
    "", " ", "\t", "\n", "\r\n", "\u3000", "\ufeff", "\u200b", "\u00a0",
    # bytes and characters that stores and parsers choke on
    "\x00", "a\x00b", "\x01\x1f\x7f", "\ud7ff\ue000", "\ufffe\uffff", "\U0010ffff", "\u202egnp.exe", "e\u0301" * 50,
    # numbers at and past the edges
    "0", "-1", "1", "00000000000000000001", "2147483647", "2147483648", "9223372036854775807", "9223372036854775808",
    "-9223372036854775809", "1e309", "1e-9", "NaN", "Infinity", "0x10", "1_000", "٣", "３", "²", "1.5", "1,000", "9" * 400,
    # dates
    "2015-02-29", "0000-00-00", "9999-12-31", "10000-01-01", "2015-13-01", "2015-01-01T25:61", "0001-01-01",
    # another language inside
    "' OR '1'='1", "\"; --", "1); DELETE", "%' AND 1=1", "\\", "\\'", "%", "_", "%%s", "{0}", "{{7*7}}", "{% now %}",
    "${7*7}", "#{7}", "<script>zqzq()</script>", "\"onfocus=zqzq autofocus=\"", "javascript:zqzq()", "<!--", "]]>",
    "=cmd|'/c calc'!A0", "+1", "@SUM(1)", "$(id)", "`id`", "|id", "; id",
    # ways out
    "../../../../etc/passwd", "..%2f..%2f", "/etc/passwd", "file:///etc/passwd", "//elsewhere.example/", "https://elsewhere.example/",
    "\\\\elsewhere\\share", "%2e%2e%2f", "con", ".", "..", "/", "a/b", "?a=b", "#top", "&a=b",
    # shapes
    "null", "None", "undefined", "true", "[]", "{}", "[1,2]", "{\"a\":{\"b\":1}}", "a,b", "a;b", ",", "a=b",
    # length and other alphabets
    "x" * 300, "汉" * 300, "x" * 5_000, "(" * 200, "a" * 40 + "!", "𠮷野家", "👨‍👩‍👧‍👦", "ﷺ", "İstanbul", "ß", "买买提·吐尔逊",
    "110101198506010011", "13900000000", "101001", "999999999999999999999999",
)  # fmt: skip

FILES: tuple[tuple[str, bytes], ...] = (
    ("empty.xlsx", b""),
    ("text.xlsx", b"not a workbook"),
    ("zip.xlsx", b"PK\x03\x04" + b"\x00" * 64),
    ("../../up.xlsx", b"PK\x05\x06" + b"\x00" * 18),
    ("nul\u202e.xlsx", b"\x00" * 4096),
    ("macro.xlsm", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 512),
    ("page.csv", '姓名,证件\n"=1+1",x'.encode()),
)

BETRAYS = (
    "Traceback (most recent", "psycopg", "sqlite3", "OperationalError", "ProgrammingError", "DataError", "IntegrityError",
    "unrecognized token", "syntax error at", "no such table", "no such column", "site-packages", "File \"/", "django.db",
    "<script>zqzq", "\"onfocus=zqzq",
)  # fmt: skip
"""What no reply may contain: the machine's insides, or a value of ours that came back alive."""
