"""The peer of the roster bench: django-import-export in its bulk mode, over a plain model of the same columns."""

import json
import sys
import time
from datetime import date
from pathlib import Path

import django
from django.conf import settings

settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "import_export"]
django.setup()

from django.db import connection, models  # noqa: E402 - models want Django set up
from import_export import resources  # noqa: E402
from python_calamine import load_workbook  # noqa: E402
from tablib import Dataset  # noqa: E402

from bench import rosterfile  # noqa: E402
from unionhall.kernel.identifiers import parse_citizen, parse_mobile  # noqa: E402

_COLUMNS = [f"c{place}" for place in range(len(rosterfile.HEADERS))]
_KEYS = (2, 8, 9)


def peer(home: Path, url: str, rows: int) -> dict[str, float]:
    """django-import-export in its bulk mode: checks number and mobile only, seals nothing, writes one table."""
    fields = {name: models.CharField(max_length=64, db_index=place in _KEYS[1:], unique=place == _KEYS[0])
              for place, name in enumerate(_COLUMNS)}  # fmt: skip
    model = type(
        "Roster", (models.Model,), {"__module__": __name__, **fields, "Meta": type("Meta", (), {"app_label": "people"})}
    )
    with connection.schema_editor() as editor:
        editor.create_model(model)

    class Resource(resources.ModelResource):
        def before_import_row(self, row: dict[str, str], **_: object) -> None:
            parse_citizen(row["c2"], today=date(2026, 1, 1))
            parse_mobile(row["c8"])

        class Meta:
            use_bulk, batch_size, import_id_fields, skip_diff = True, 1000, ("c2",), True

    Resource._meta.model = model
    importer = resources.modelresource_factory(model, resource_class=Resource)()
    started = time.perf_counter()
    lines = load_workbook(str(home / "peer.xlsx")).get_sheet_by_index(0).to_python()[1:]
    table = Dataset(*[[str(cell) for cell in line] for line in lines], headers=_COLUMNS)
    importer.import_data(table, raise_errors=False)
    return {"peer": time.perf_counter() - started}


if __name__ == "__main__":
    print(json.dumps(peer(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))))
