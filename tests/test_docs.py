"""The documents say what is there: every setting, command, service and figure, and commands that exist.

docs/developers/add-a-service.md is not only read: its blocks are put into a copy of the repository and run.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from unionhall import catalogue
from unionhall.exchange.templates import TEMPLATES
from unionhall.jobs.cli import COMMANDS

HERE = Path(__file__).resolve().parent.parent
DOCS = HERE / "docs"
READMES = ("README.md", "README.zh-CN.md")
PAGES = [*(HERE / name for name in READMES), HERE / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]


def read(name: str) -> str:
    return (HERE / name).read_text("utf-8")


def settings_read() -> set[str]:
    """Every UNIONHALL_… name settings.py and the installation read."""
    calls = re.compile(r'\benv\.\w+\(\s*"([A-Z_]+)"|environ(?:\.get\(|\[)"(UNIONHALL_[A-Z_]+)"')
    found = set()
    for name in ("unionhall/settings.py", "unionhall/jobs/installation.py"):
        for short, whole in calls.findall(read(name)):
            found.add(whole or f"UNIONHALL_{short}")
    return found


def test_every_setting_is_described() -> None:
    page = read("docs/operators/settings.md")
    described = set(re.findall(r"^## `(UNIONHALL_[A-Z_]+)`", page, re.MULTILINE))
    assert len(settings_read()) >= 10
    assert described == settings_read()


def test_every_command_is_described() -> None:
    described = set(re.findall(r"^## unionhall (\w+)$", read("docs/operators/commands.md"), re.MULTILINE))
    assert described == set(COMMANDS)


def test_every_service_and_figure_is_described() -> None:
    page = read("docs/figures.md")
    missing = [key for key in catalogue.figures() if f"\n`{key}` ·" not in page]
    missing += [service.key for service in catalogue.SERVICES if f"· `{service.key}`\n" not in page]
    missing += [service.title for service in catalogue.SERVICES if service.title not in read("docs/glossary.md")]
    assert missing == []


def test_every_template_is_described() -> None:
    page = read("docs/officers/templates.md")
    assert [template.name for template in TEMPLATES if f"· `{template.name}`\n" not in page] == []


def test_generated_pages_are_what_the_code_says() -> None:
    done = subprocess.run(
        [sys.executable, "tools/docs.py", "--check"], cwd=HERE, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", READMES)
def test_the_readme_opens_with_the_two_commands(name: str) -> None:
    first = re.search(r"^```\w*\n(.*?)^```", read(name), re.MULTILINE | re.DOTALL)
    assert first is not None
    assert read(name).index("```") < 700
    assert [line.split("#")[0].strip() for line in first[1].splitlines()] == ["make demo", "make test"]


def test_every_make_command_told_of_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    told = {
        (page.name, target)
        for page in PAGES
        for target in re.findall(r"(?:`|^|\s)make ([a-z]+)\b", "\n".join(code_of(page)))
    }
    assert {target for _, target in told} >= {"demo", "test", "lint", "bench"}
    assert {(page, target) for page, target in told if target not in targets} == set()


def test_every_unionhall_command_told_of_exists() -> None:
    told = {
        (page.name, command)
        for page in PAGES
        for command in re.findall(r"\bunionhall ([a-z]+)\b", "\n".join(code_of(page)))
    }
    assert {command for _, command in told} >= {"import", "report", "template"}
    assert {(page, command) for page, command in told if command not in COMMANDS} == set()


def code_of(page: Path) -> list[str]:
    """What stands in code: fenced blocks of commands, and `…` in the text."""
    text = page.read_text("utf-8")
    blocks = re.findall(r"^```(?:sh|console|text)?\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return blocks + re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def test_every_link_leads_somewhere() -> None:
    broken = [
        f"{page.relative_to(HERE)}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
        if not target.startswith(("http://", "https://", "mailto:")) and not (page.parent / target).exists()
    ]
    assert broken == []


def test_every_file_told_of_is_there() -> None:
    """`unionhall/…`, `tests/…` and the like in the documents are paths that exist."""
    example = {"unionhall/services/accident_aid.py", "tests/services/test_accident_aid.py"}
    told = {
        (page.relative_to(HERE).as_posix(), path)
        for page in PAGES
        for path in re.findall(r"`((?:unionhall|tests|docs|tools|demo|bench)/[\w./-]+)`", page.read_text("utf-8"))
        if path not in example
    }
    assert len(told) > 20
    assert {(page, path) for page, path in told if not (HERE / path).exists()} == set()


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = sorted(int(path.name[:4]) for path in (DOCS / "decisions").glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
    assert numbers


def test_every_dependency_has_its_reason() -> None:
    page = read("docs/decisions/0002-libraries.md")
    declared = set(re.findall(r'^    "([a-z][\w-]+)(?:\[[\w,]+\])?>=', read("pyproject.toml"), re.MULTILINE))
    assert len(declared) > 20
    assert {name for name in declared if f"| {name} |" not in page} == set()


# --- adding a service, by the very text -------------------------------------------------------------------------------


def blocks(page: str) -> dict[str, str]:
    """Path -> text of every block that says `file=PATH`."""
    found = re.findall(r"^```python file=(\S+)\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    return dict(found)


def apply(page: str, root: Path) -> list[str]:
    """Make every change the page's diff blocks ask for; the files changed. Each hunk must fit in exactly one place."""
    changed = []
    for diff in re.findall(r"^```diff\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        name = re.search(r"^\+\+\+ b/(\S+)$", diff, re.MULTILINE)
        assert name is not None
        path = root / name[1]
        text = path.read_text("utf-8")
        for hunk in diff.split("@@\n")[1:]:
            before = "".join(line[1:] for line in hunk.splitlines(keepends=True) if line[0] in " -")
            after = "".join(line[1:] for line in hunk.splitlines(keepends=True) if line[0] in " +")
            assert text.count(before) == 1, f"{name[1]} has no one place like\n{before}"
            text = text.replace(before, after)
        path.write_text(text, "utf-8")
        changed.append(name[1])
    return changed


@pytest.mark.slow
def test_adding_a_service_is_one_file_and_one_entry(tmp_path: Path) -> None:
    root = tmp_path / "copy"
    shutil.copytree(HERE / "unionhall", root / "unionhall", ignore=shutil.ignore_patterns("__pycache__"))
    (root / "tests").mkdir()
    for name in ("__init__.py", "conftest.py", "migrated.py", "settings.py", "world.py"):
        shutil.copy(HERE / "tests" / name, root / "tests")
    shutil.copy(HERE / "pyproject.toml", root)
    page = read("docs/developers/add-a-service.md")
    written = blocks(page)
    for name, text in written.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    assert [name for name in written if name.startswith("unionhall/")] == ["unionhall/services/accident_aid.py"]
    assert apply(page, root) == ["unionhall/catalogue.py"]

    env = {name: value for name, value in os.environ.items() if not name.startswith(("UNIONHALL_", "PYTEST_"))}
    env |= {"PYTHONPATH": str(root), "UNIONHALL_HOME": str(tmp_path), "UNIONHALL_SECRET_KEY": "x"}
    env |= {"DJANGO_SETTINGS_MODULE": "unionhall.settings", "TEST_DATABASE_URL": ""}

    def run(*command: str) -> str:
        done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert run(sys.executable, "-c", "import unionhall; print(unionhall.__file__)").strip() == str(
        root / "unionhall" / "__init__.py"
    )
    tests = [name for name in written if name.startswith("tests/")]
    story = ast.parse(written[tests[0]])
    count = sum(isinstance(node, ast.FunctionDef) and node.name.startswith("test_") for node in story.body)
    assert f"{count} passed" in run(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *tests)
    run(sys.executable, "-m", "django", "check", "--fail-level", "WARNING")
    assert "No changes detected" in run(sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run")
