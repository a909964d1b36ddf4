"""Files on their way in: nothing larger than the setting is read, and what is read lies where only this user looks."""

import tempfile
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler

from unionhall.exchange import strongroom

OVERHEAD = 2**20
"""Bytes a form may have beside its file."""


class WithinLimit(FileUploadHandler):
    """Refuses a request by its stated length, before a byte of it is read; the page of error 413 says so."""

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *rest: Any) -> None:  # noqa: N803 - Django's
        if content_length > settings.LARGEST_UPLOAD + OVERHEAD:
            raise RequestDataTooBig("the upload is larger than UNIONHALL_LARGEST_UPLOAD")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


class Private(TemporaryUploadedFile):
    """A file in the folder of what is open, under a name that says nothing; gone when the request ends."""

    def __init__(self, name: str, content_type: str, size: int, charset: str | None, extra: Any = None) -> None:
        file = tempfile.NamedTemporaryFile(suffix=".upload", dir=strongroom.folder())  # noqa: SIM115 - closed with the request
        UploadedFile.__init__(self, file, name, content_type, size, charset, extra)


class Aside(TemporaryFileUploadHandler):
    """Every file goes to disk, into the private folder: the guard reads it there, whatever its size."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        FileUploadHandler.new_file(self, *args, **kwargs)
        self.file = Private(self.file_name, self.content_type, 0, self.charset, self.content_type_extra)
