"""The English catalogue: extracted from the sources, compiled to what runs. No system gettext is needed.

    python tools/messages.py            take new messages into unionhall/locale/en/LC_MESSAGES/django.po, compile
    python tools/messages.py --check    fail when the catalogue or its compiled form is stale, or a translation is missing

Messages are written in Chinese, which therefore needs no catalogue. Templates go through Django's `templatize`, sources
through Babel.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import polib
from babel.messages.extract import extract
from django.conf import settings
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent / "unionhall"
CATALOGUE = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    "_": None,
    "_t": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "Refused": None,
}


def messages() -> dict[str, list[str]]:
    """Every message of the sources -> the files it stands in, in reading order."""
    found: dict[str, list[str]] = {}
    for file in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html")]):
        name = file.relative_to(PACKAGE).as_posix()
        for message in _messages_of(file):
            places = found.setdefault(message, [])
            if name not in places:
                places.append(name)
    return found


def _messages_of(file: Path) -> Iterator[str]:
    text = file.read_text("utf-8")
    source = templatize(text, origin=str(file)) if file.suffix == ".html" else text
    for _line, message, _comments, _context in extract("python", BytesIO(source.encode()), keywords=KEYWORDS):
        yield message if isinstance(message, str) else message[0]


def fresh() -> polib.POFile:
    """The catalogue as it should be: today's messages with the translations there already are."""
    known = {entry.msgid: entry.msgstr for entry in polib.pofile(str(CATALOGUE))} if CATALOGUE.exists() else {}
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = {
        "Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    for message, places in messages().items():
        flags = ["python-format"] if "%(" in message else []
        catalogue.append(
            polib.POEntry(
                msgid=message, msgstr=known.get(message, ""), occurrences=[(place, "") for place in places], flags=flags
            )
        )
    return catalogue


def faults() -> list[str]:
    """What --check finds: nothing, when all is well."""
    should = fresh()
    found = [f"not translated: {entry.msgid}" for entry in should if not entry.msgstr]
    found += [
        f"not the same fields: {entry.msgid}"
        for entry in should
        if entry.msgstr and _fields(entry.msgid) != _fields(entry.msgstr)
    ]
    if not CATALOGUE.exists() or str(polib.pofile(str(CATALOGUE), wrapwidth=0)) != str(should):
        found.append(f"{CATALOGUE.name} is stale: run python tools/messages.py")
    compiled = CATALOGUE.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != should.to_binary():
        found.append(f"{compiled.name} is stale: run python tools/messages.py")
    return found


def _fields(text: str) -> list[str]:
    return sorted(part.split(")")[0] for part in text.split("%(")[1:])


def main() -> int:
    if not settings.configured:
        settings.configure()
    if "--check" not in sys.argv[1:]:
        CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
        catalogue = fresh()
        catalogue.save(str(CATALOGUE))
        CATALOGUE.with_suffix(".mo").write_bytes(catalogue.to_binary())
    found = faults()
    print("\n".join(found) or f"{len(messages())} messages, every one in English")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
