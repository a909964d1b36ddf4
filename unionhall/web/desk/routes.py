"""The addresses of the desk, as they follow from what is declared in `registers`."""

from django.urls import URLPattern, path

from unionhall.web.desk import bulk, case_inbox, exporting, listing, search, tasks, todo, undo, views_saved
from unionhall.web.desk.register import Register
from unionhall.web.desk.registers import INVERSES, PAGES, REGISTERS, WAITING


def routes(register: Register) -> list[URLPattern]:
    """The addresses of one list: /desk/<key>/ and below. They stand before its details, whose addresses are numbers."""
    at, name = f"desk/{register.key}/", f"desk-{register.key}"
    found = [
        path(at, listing.list_view(register), name=name),
        path(f"{at}find/", listing.find_view(register), name=f"{name}-find"),
        path(f"{at}count/", listing.count_view(register), name=f"{name}-count"),
        path(f"{at}view/", views_saved.save_view(register), name=f"{name}-view"),
        path(f"{at}columns/", views_saved.choose_columns(register), name=f"{name}-columns"),
    ]
    if register.bulk:
        found += [
            path(f"{at}bulk/", bulk.bulk_view(register, tasks.do_to_many), name=f"{name}-bulk"),
            path(f"{at}bulk/<uuid:key>/", bulk.result_view(register), name=f"{name}-bulk-result"),
        ]
    if register.export:
        found.append(path(f"{at}export/", exporting.export_view(register), name=f"{name}-export"))
    return found


urlpatterns: list[URLPattern] = [
    path("desk/", todo.todo_view(WAITING, case_inbox.waiting), name="desk"),
    path("desk/search/", search.search_view(REGISTERS), name="desk-search"),
    path("desk/undo/", undo.undo_list, name="desk-undo-list"),
    path("desk/undo/<uuid:key>/", undo.undo_view(INVERSES), name="desk-undo"),
    *(route for register in REGISTERS for route in routes(register)),
    *(route for pages in PAGES for route in pages),
]
