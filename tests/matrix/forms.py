"""The forms and links of a page, read from its HTML."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """A form of a page: where it goes, and its fields as they stand (name -> value; None: a file)."""

    method: str
    action: str
    fields: dict[str, str | None] = field(default_factory=dict)


class Forms(HTMLParser):
    """The forms of a page, and the queries of its links to itself."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._open: Form | None = None
        self._select = ""
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name, value = said.get("name") or "", said.get("value") or ""
        if tag == "a" and "?" in (said.get("href") or ""):
            self.links.append(said["href"] or "")
        elif tag == "form":
            self._open = Form((said.get("method") or "get").lower(), said.get("action") or "")
            self.forms.append(self._open)
        elif self._open is not None and tag == "option" and self._select and value:
            if "selected" in said or not self._open.fields.get(self._select):
                self._open.fields[self._select] = value
        elif self._open is not None and name:
            self._take(tag, name, value, said)

    def _take(self, tag: str, name: str, value: str, said: dict[str, str | None]) -> None:
        assert self._open is not None
        if tag == "select":
            self._select = name
            self._open.fields.setdefault(name, "")
        elif tag == "textarea":
            self._area = name
            self._open.fields[name] = ""
        elif tag == "input" and said.get("type") == "file":
            self._open.fields[name] = None
        elif tag == "button" or (tag == "input" and (said.get("type") != "radio" or "checked" in said)):
            self._open.fields.setdefault(name, value)

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._area:
            self._open.fields[self._area] = data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag in ("select", "textarea"):
            self._select = self._area = ""
