"""The pages of imports: a form chosen, a file or pasted cells taken in, its columns said, checked, put right, brought in."""

from django.urls import path

from unionhall.web.desk.imports import columns, ending, page, rows, start

_ONE = "desk/imports/<int:number>/"

urlpatterns = [
    path("desk/imports/", start.desk_imports, name="desk-imports"),
    path("desk/imports/new/<slug:name>/", start.desk_import_new, name="desk-import-new"),
    path("desk/imports/blank/<slug:name>.xlsx", start.desk_import_blank, name="desk-import-blank"),
    path(_ONE, page.desk_import, name="desk-import"),
    path(f"{_ONE}columns/", columns.desk_import_columns, name="desk-import-columns"),
    path(f"{_ONE}progress/", page.desk_import_progress, name="desk-import-progress"),
    path(f"{_ONE}rows/<int:line>/", rows.desk_import_row, name="desk-import-row"),
    path(f"{_ONE}accept/", rows.desk_import_accept, name="desk-import-accept"),
    path(f"{_ONE}faults.xlsx", rows.desk_import_faults, name="desk-import-faults"),
    path(f"{_ONE}check/", ending.desk_import_check, name="desk-import-check"),
    path(f"{_ONE}confirm/", ending.desk_import_confirm, name="desk-import-confirm"),
    path(f"{_ONE}cancel/", ending.desk_import_cancel, name="desk-import-cancel"),
    path(f"{_ONE}reopen/", ending.desk_import_reopen, name="desk-import-reopen"),
    path(f"{_ONE}discard/", ending.desk_import_discard, name="desk-import-discard"),
    path("desk/batches/<int:number>/", ending.desk_batch, name="desk-batch"),
    path("desk/batches/<int:number>/withdraw/", ending.desk_batch_withdraw, name="desk-batch-withdraw"),
]
