"""docs/developers/security.md: who may what, written from the declaration of posts (unionhall/organisations/roles.py)."""

from collections.abc import Iterator

from unionhall.organisations import roles

BEGINS = """\
# Who may what

{generated}
A post is a role held at a place, from a day until a day. The place decides which rows a post reaches (its own and all
below), the role what may be done there. Both are asked for at every request: a post that ends opens nothing from the next.

## The four questions

1. **The gate** (`web/gate.py`), outermost on every view: public, signed in, a worker, or a right. Without the right: 403.
   An address without a gate is an error of the system check, and answers nobody.
2. **Which rows**: `Model.objects.visible_to(actor)`, in one place per concept. It asks for the right the model names
   (`seen_with`) and, of a worker, for rows about themselves. Somebody else's row is 404, as if it did not exist.
3. **The action**: `by.must_reach(path, *holders("members.change"))` before anything is looked at or written.
4. **Asked again** (`web/sudo.py`): reveal, payment, downloads of exports, accounts: the password within 15 minutes.

A figure may be read whole by every officer of its place; it opens into its records only for posts that may see such
records (`web/opening.py`).

## Three administrators

The system administrator opens and closes accounts and gives no post. The organisation department gives posts and opens no
account; a post over the whole district, or over the machine, takes a second officer. The security auditor reads what both
did, never the members. The two posts of the machine are held together with no other, and nobody gives themselves a post.

## Errors

Every request has a number: on the error page, in the header `X-Trace`, in the log and on its audit rows. The pages are
400, 403, 404, 405, 413, 419, 422, 429, 500 and 503; htmx gets the fragment `web/_error.html` for `#notice`, a program JSON.

## How it is proved

| | |
|---|---|
| `tests/matrix/policy.py` | the policy, written by hand: rights, kinds of rows, addresses. An address that is missing fails |
| `python -m tests.matrix` | every post × address × method × own, child, sibling, parent, another street's row |
| `python -m tests.matrix.mutants` | every guard taken away, one at a time: the matrix must miss it. `--every 10` for some |
| `python -m tests.matrix.nasty` | values that have broken programs, to every parameter that can be found. `--part 1/8` an eighth of them |
| `tests/matrix/test_fields.py` | sealed fields on pages, in JSON, searches, exports and the log |
| `tests/matrix/deeds_table.py` | the right each action asks for, tried without a page in between |

A new address needs one line in `PAGES` (or `LISTS`) of the policy, a new action one in `DEEDS`, a new kind of row a builder
in `tests/matrix/scene.py` and a line in `KINDS`.

## Posts
"""

GROUPS = (
    ("the district's departments", roles.DISTRICT),
    ("at a street or station", roles.LOCAL),
    ("grass roots", roles.GRASSROOTS),
    ("given singly, matter by matter", roles.OUTSIDE),
    ("the machine", roles.MACHINE),
)


def security(generated: str) -> Iterator[str]:
    """The page, line by line; `generated` is the mark that says where it comes from."""
    yield BEGINS.format(generated=generated)
    yield "| post | 中文 | is | rights |"
    yield "|---|---|---|---|"
    for role, title in roles.ROLES.items():
        group = next(name for name, members in GROUPS if role in members)
        held = "、".join(f"`{right}`" for right, holding in roles.RIGHTS.items() if role in holding)
        yield f"| `{role}` | {title} | {group} | {held or 'none: a page says so'} |"
    yield "\n## Rights\n"
    yield "| right | posts |"
    yield "|---|---|"
    for right, holding in roles.RIGHTS.items():
        yield f"| `{right}` | {'、'.join(title for role, title in roles.ROLES.items() if role in holding)} |"
    yield "\n## Whose cases\n"
    yield "These departments see the matters of their own services only; other posts with `cases.see`, all of their place.\n"
    yield "| department | services |"
    yield "|---|---|"
    for role, services in roles.CASES_OF.items():
        yield f"| {roles.ROLES[role]} | {'、'.join(f'`{service}`' for service in services)} |"
