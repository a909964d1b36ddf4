"""Style sheets and icons of other projects, kept in this repository: fetched with `npm pack`, checked by hash.

    python tools/vendor.py            check every vendored file against tools/vendor.toml
    python tools/vendor.py --fetch    fetch the packages again and rewrite the files and their hashes

Nothing of npm is needed to install or run; only --fetch calls it.
"""

import base64
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
LIST = HERE / "vendor.toml"
STATIC = HERE.parent / "unionhall" / "web" / "static" / "vendor"
# The maps are not shipped, and the hashed static storage refuses a sheet that names a file which is not there.
_MAP = re.compile(rb"\s*/\*# sourceMappingURL=.*?\*/\s*$")
_PATHS = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


def packages() -> list[dict[str, Any]]:
    return tomllib.loads(LIST.read_text("utf-8"))["package"]


def folder(package: dict[str, Any]) -> Path:
    return STATIC / f"{package['name'].lstrip('@').replace('/', '-')}-{package['version']}"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def wrong() -> list[str]:
    """What differs from the list: files that are missing, changed or not listed. Empty when all is well."""
    found, listed = [], set()
    for package in packages():
        for name, expected in package["sha256"].items():
            file = folder(package) / name
            listed.add(file)
            if not file.exists():
                found.append(f"{file.relative_to(STATIC)}: missing")
            elif sha256(file.read_bytes()) != expected:
                found.append(f"{file.relative_to(STATIC)}: changed")
    found += [
        f"{file.relative_to(STATIC)}: not listed" for file in STATIC.rglob("*") if file.is_file() and file not in listed
    ]
    return sorted(found)


def fetch(package: dict[str, Any]) -> dict[str, bytes]:
    """The files of one package, out of its npm archive, which must have the listed integrity."""
    with tempfile.TemporaryDirectory() as place:
        subprocess.run(
            ["npm", "pack", f"{package['name']}@{package['version']}"], cwd=place, check=True, capture_output=True
        )
        archive = next(Path(place).glob("*.tgz"))
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if f"sha512-{digest}" != package["integrity"]:
            raise SystemExit(f"{package['name']}: the archive has integrity sha512-{digest}, not the listed one")
        with tarfile.open(archive) as tar:
            return _taken(package, tar)


def _taken(package: dict[str, Any], tar: tarfile.TarFile) -> dict[str, bytes]:
    def read(name: str) -> bytes:
        member = tar.extractfile(f"package/{name}")
        if member is None:
            raise SystemExit(f"{package['name']}: no file {name}")
        return member.read()

    files = {Path(name).name: _MAP.sub(b"\n", read(name)) for name in package["files"]}
    if icons := package.get("icons"):
        files["sprite.svg"] = _sprite(icons, lambda icon: read(f"icons/outline/{icon}.svg").decode())
    files["LICENSE"] = read("LICENSE") if "licence_text" not in package else package["licence_text"].encode()
    return files


def _sprite(icons: list[str], read: Any) -> bytes:
    """One file with a <symbol> for each icon; strokes take the colour of the text around them."""
    symbols = []
    for icon in sorted(icons):
        drawn = _PATHS.search(read(icon))
        assert drawn is not None, icon
        paths = re.sub(r"\s+", " ", drawn[1]).replace("> <", "><").strip()
        symbols.append(f'<symbol id="{icon}" viewBox="0 0 24 24">{paths}</symbol>')
    head = '<svg xmlns="http://www.w3.org/2000/svg">'
    return (head + "\n" + "\n".join(symbols) + "\n</svg>\n").encode()


def rewrite() -> None:
    text = LIST.read_text("utf-8")
    for package in packages():
        place = folder(package)
        place.mkdir(parents=True, exist_ok=True)
        for old in place.iterdir():
            old.unlink()
        lines = []
        for name, content in sorted(fetch(package).items()):
            (place / name).write_bytes(content)
            lines.append(f'"{name}" = "{sha256(content)}"\n')
        section = re.compile(
            rf'(name = "{re.escape(package["name"])}"\n.*?\[package\.sha256\]\n)(?:"[^\n]*\n)*', re.DOTALL
        )
        text = section.sub(lambda match, made="".join(lines): match[1] + made, text, count=1)  # type: ignore[misc]
    LIST.write_text(text, "utf-8")


def main() -> int:
    if "--fetch" in sys.argv[1:]:
        rewrite()
    found = wrong()
    print("\n".join(found) or f"{len(packages())} packages, every file as listed")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
