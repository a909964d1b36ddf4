"""What a file of a matter must be before it is kept: a photograph or a scan by its bytes, whatever it is called, and not too large."""

import io
import re
import warnings
from pathlib import Path

from PIL import Image

from unionhall.exchange.pictures import MOST_POINTS
from unionhall.kernel.errors import Refused

LARGEST = 10 * 2**20
FORMS = {"jpg": "image/jpeg", "png": "image/png", "pdf": "application/pdf"}
"""What is kept -> the content type it is given out with."""
_PICTURES = {"JPEG": "jpg", "PNG": "png"}
_ACTS = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)\b")
"""What a scan never has: it runs something, or carries other files."""
_KINDS = "请上传照片（JPG、PNG）或者 PDF"


def check(path: Path) -> str:
    """What the file is: a key of FORMS. Raises `Refused` in words for anything else."""
    size = path.stat().st_size
    if not size:
        raise Refused("文件是空的，请重新选择。", code="file")
    if size > LARGEST:
        raise Refused("一个文件最多 {largest} 兆，请压缩或分开以后再传。", code="file", largest=LARGEST // 2**20)
    content = path.read_bytes()
    return _pdf(content) if content.startswith(b"%PDF-") else _picture(content)


def _pdf(content: bytes) -> str:
    if b"%%EOF" not in content[-1024:]:
        raise Refused("这个 PDF 不完整，请重新扫描或导出。", code="file")
    if _ACTS.search(content):
        raise Refused("这个 PDF 里有程序或附件，不能上传；请打印成新的 PDF，或拍照上传。", code="file")
    return "pdf"


def _picture(content: bytes) -> str:
    """Opened and decoded once, so that what is kept is a picture to its last byte of data."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=list(_PICTURES)) as picture:
                if picture.width * picture.height > MOST_POINTS:
                    raise Refused("图片太大，请用手机的普通照片模式重拍。", code="file")
                picture.load()
                return _PICTURES[picture.format or ""]
    except Refused:
        raise
    except (OSError, ValueError, SyntaxError, KeyError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("这不是能识别的照片；{kinds}。", code="file", kinds=_KINDS) from None
