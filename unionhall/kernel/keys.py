"""Sealing sensitive fields: the key service, its software form, and its key file outside the database.

An envelope is version | cipher | length of kid | kid | nonce | ciphertext | tag. The row and the column are associated
data ("people_identity.number|17"), so an envelope moved to another row or column does not open. One key file serves one
district: nothing sealed in one opens in another.
"""

import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Protocol, get_args

from cryptography.exceptions import InvalidTag

from unionhall.kernel.ciphers import (
    KEY_BYTES,
    NONCE_BYTES,
    TAG_BYTES,
    Aead,
    CipherName,
    aead,
    derive,
    fresh_nonce,
    hmac_sm3,
    self_test,
)

VERSION = 1
MASTER_BYTES = 32
DIGEST_BYTES = 16
"""Blind indexes and row digests keep half of HMAC-SM3's 32 bytes: the least RFC 2104 section 5 allows, half the room in
every index, and among a hundred million values the chance of any two meeting is about 10^-23."""
LOOKED_AGAIN = 10.0
"""Seconds after which a running process has learnt of a rotation, at the latest when it next seals."""
_CIPHER_BYTE: dict[CipherName, int] = {"aes-gcm": 1, "sm4-gcm": 2}
_CIPHER_NAME = {byte: name for name, byte in _CIPHER_BYTE.items()}


class SealBroken(Exception):
    """An envelope that does not open: wrong key, row or column, or changed bytes. Never shown to people."""


class KeyFileError(Exception):
    """A key file that is missing, readable by others, malformed, or would be overwritten; in words for the operator."""


@dataclass(frozen=True, slots=True, repr=False)
class _KeyFile:
    cipher: CipherName
    active: str
    keys: dict[str, bytes]
    index: bytes


class KeyService(Protocol):
    """What sealing needs of whoever holds the keys: the software below, or a hardware module.

    `column` is "table.column" and `uid` the row's own number, never reused.
    """

    def seal(self, column: str, uid: int, plaintext: bytes) -> bytes:
        """An envelope only `open` with the same column and uid opens."""
        ...

    def open(self, column: str, uid: int, envelope: bytes) -> bytes:
        """The plaintext; raises `SealBroken`."""
        ...

    def index(self, column: str, value: bytes) -> bytes:
        """16 bytes by which equal values of one column are found, and which say nothing without the key."""
        ...

    def random(self, n: int) -> bytes:
        """n bytes fit for keys and tokens."""
        ...

    def needs_resealing(self, envelope: bytes) -> bool:
        """Was it sealed with another key or cipher than today's?"""
        ...

    def sealer(self, column: str) -> Callable[[int, str], bytes]:
        """`seal` of UTF-8 text for one column, with everything prepared; for bulk."""
        ...

    def indexer(self, column: str) -> Callable[[str], bytes]:
        """`index` of UTF-8 text for one column, with everything prepared; for bulk."""
        ...

    def mac(self, purpose: str, length: int = DIGEST_BYTES) -> Callable[[bytes], bytes]:
        """A keyed digest (the first 16 bytes of HMAC-SM3, at most 32) for one purpose, such as row digests."""
        ...


class LocalKeyService:
    """Keys in memory. `keys` maps kid (1 to 16 ASCII letters, digits, dashes) to 32 bytes; `active` seals, all open.

    Every column has its own key, derived per cipher. Indexes and digests hang on `index_key`, which rotation leaves
    alone: a new sealing key must not make a register of a million people unfindable. Random 96-bit nonces are good for
    2^32 envelopes per column and key (NIST SP 800-38D 8.3). Raises `ValueError` for unfit keys, `RuntimeError` when the
    library fails its self-test.
    """

    def __init__(
        self, keys: Mapping[str, bytes], active: str, cipher: CipherName = "aes-gcm", *, index_key: bytes,
        source: Path | None = None,
    ) -> None:  # fmt: skip
        self_test()
        if cipher not in KEY_BYTES:
            raise ValueError(f"cipher must be one of {', '.join(KEY_BYTES)}")
        if active not in keys:
            raise ValueError(f"active key {active!r} is not among the keys")
        for kid, key in keys.items():
            if not (kid.isascii() and kid.replace("-", "").isalnum() and len(kid) <= 16 and len(key) == MASTER_BYTES):
                raise ValueError(f"key {kid!r}: a kid is 1 to 16 letters, digits or dashes, a key {MASTER_BYTES} bytes")
        if len(index_key) != MASTER_BYTES or index_key in keys.values():
            raise ValueError(f"the index key is {MASTER_BYTES} bytes and none of the sealing keys")
        self._keys = dict(keys)
        self._index_key = index_key
        self._source, self._looked = source, time.monotonic()
        self.active = active
        self.cipher: CipherName = cipher
        # Columns, kids and purposes are few and fixed, so these hold a few dozen entries.
        self._aead = cache(self._make_aead)
        self._digest = cache(self._make_digest)

    def __repr__(self) -> str:
        return f"<LocalKeyService {self.cipher} {len(self._keys)} keys, active {self.active}>"

    @property
    def kids(self) -> tuple[str, ...]:
        """The ids of all keys, the oldest first."""
        return tuple(self._keys)

    def key_of(self, envelope: bytes) -> str:
        """The id of the key an envelope was sealed with; raises `SealBroken` for what is no envelope."""
        return _parse(bytes(envelope))[1]

    def seal(self, column: str, uid: int, plaintext: bytes) -> bytes:
        """See `KeyService.seal`."""
        self._look_now_and_then()
        nonce, kid = fresh_nonce(), self.active
        cipher = self._aead(column, kid, self.cipher)
        return _header(self.cipher, kid) + nonce + cipher.encrypt(nonce, plaintext, b"%b|%d" % (column.encode(), uid))

    def open(self, column: str, uid: int, envelope: bytes) -> bytes:
        """See `KeyService.open`."""
        envelope = bytes(envelope)  # PostgreSQL hands out memoryviews
        cipher, kid, body = _parse(envelope)
        if kid not in self._keys:
            self.look_again()
        if kid not in self._keys:
            raise SealBroken(f"{column}|{uid}: sealed with key {kid!r}, which is not in the key file")
        nonce, sealed = envelope[body : body + NONCE_BYTES], envelope[body + NONCE_BYTES :]
        try:
            return self._aead(column, kid, cipher).decrypt(nonce, sealed, b"%b|%d" % (column.encode(), uid))
        except InvalidTag as error:
            raise SealBroken(f"{column}|{uid}: the envelope is not this row's, or was changed") from error

    def index(self, column: str, value: bytes) -> bytes:
        """See `KeyService.index`."""
        return self._digest(f"index/{column}")(value)[:DIGEST_BYTES]

    def random(self, n: int) -> bytes:
        """See `KeyService.random`."""
        return os.urandom(n)

    def needs_resealing(self, envelope: bytes) -> bool:
        """See `KeyService.needs_resealing`; raises `SealBroken` for what is no envelope."""
        cipher, kid, _ = _parse(bytes(envelope))
        return (cipher, kid) != (self.cipher, self.active)

    def sealer(self, column: str) -> Callable[[int, str], bytes]:
        """See `KeyService.sealer`."""
        self._look_now_and_then()
        kid = self.active
        encrypt = self._aead(column, kid, self.cipher).encrypt
        header, row = _header(self.cipher, kid), column.encode().replace(b"%", b"%%") + b"|%d"

        def seal(uid: int, text: str) -> bytes:
            nonce = fresh_nonce()
            return header + nonce + encrypt(nonce, text.encode(), row % uid)

        return seal

    def indexer(self, column: str) -> Callable[[str], bytes]:
        """See `KeyService.indexer`."""
        digest = self._digest(f"index/{column}")

        def index(text: str) -> bytes:
            return digest(text.encode())[:DIGEST_BYTES]

        return index

    def mac(self, purpose: str, length: int = DIGEST_BYTES) -> Callable[[bytes], bytes]:
        """See `KeyService.mac`."""
        digest = self._digest(f"mac/{purpose}")

        def mac(message: bytes) -> bytes:
            return digest(message)[:length]

        return mac

    def _look_now_and_then(self) -> None:
        if self._source is not None and time.monotonic() - self._looked >= LOOKED_AGAIN:
            self.look_again()

    def look_again(self) -> None:
        """Take over the keys a rotation has added since the file was read. A file put away meanwhile is no matter: what
        was read from it still seals and opens.
        """
        self._looked = time.monotonic()
        if self._source is None:
            return
        try:
            content = _read(self._source)
        except KeyFileError:
            return
        if content.index == self._index_key and content.active in content.keys:
            self._keys = {**self._keys, **content.keys}  # the key first, then that it seals
            self.active = content.active

    def _make_aead(self, column: str, kid: str, cipher: CipherName) -> Aead:
        # Version and cipher are in the derivation, so a flipped header byte ends in a key that opens nothing.
        return aead(cipher, derive(self._keys[kid], f"unionhall/seal/{VERSION}/{cipher}/{column}", KEY_BYTES[cipher]))

    def _make_digest(self, purpose: str) -> Callable[[bytes], bytes]:
        return hmac_sm3(derive(self._index_key, f"unionhall/{purpose}", MASTER_BYTES))


def load_keys(path: Path | str, *, cipher: CipherName | None = None) -> LocalKeyService:
    """The key service of a key file, sealing with its own cipher or the one named.

    Raises `KeyFileError` when the file is missing, open to others or malformed. Envelopes of either cipher open.
    """
    content = _read(Path(path))
    try:
        return LocalKeyService(
            content.keys, content.active, cipher or content.cipher, index_key=content.index, source=Path(path)
        )
    except (TypeError, ValueError) as error:
        raise _malformed(Path(path), error) from None


def create_keys(path: Path | str, cipher: CipherName = "aes-gcm") -> LocalKeyService:
    """Write a new key file (mode 0600) and load it; raises `KeyFileError` when the file exists."""
    if cipher not in get_args(CipherName):
        raise ValueError(f"cipher must be one of {', '.join(get_args(CipherName))}")
    content = _KeyFile(cipher, "k1", {"k1": os.urandom(MASTER_BYTES)}, os.urandom(MASTER_BYTES))
    try:
        _write(Path(path), content)
    except FileExistsError:
        raise KeyFileError(f"密钥文件 {path} 已存在，不会覆盖；覆盖会使已加密的数据永远打不开") from None
    return load_keys(path)


def rotate(path: Path | str) -> LocalKeyService:
    """Add a new active sealing key to the file, in one step, and load it; old keys stay to open, the index key stays.

    A process that loaded the file earlier learns of the new key when it meets it, and seals with it within ten seconds.
    """
    path = Path(path)
    load_keys(path)  # never build on a broken file
    content = _read(path)
    kid = f"k{1 + max((int(kid[1:]) for kid in content.keys if kid[0] == 'k' and kid[1:].isdecimal()), default=0)}"
    _replace(path, replace(content, active=kid, keys={**content.keys, kid: os.urandom(MASTER_BYTES)}))
    return load_keys(path)


def retire(path: Path | str, kid: str) -> Path:
    """Move an old sealing key out of the key file into one of its own beside it; where that is.

    What it sealed opens no more, until `restore`: backups made before need it. Raises `KeyFileError` for the key that
    seals, and for one that is not there.
    """
    path = Path(path)
    content = _read(path)
    if kid not in content.keys or kid == content.active:
        raise KeyFileError(f"密钥 {kid} 不在密钥文件中，或者正在使用，不能停用")
    apart = path.with_name(f"{path.stem}-{kid}.retired.json")
    alone = replace(content, active=kid, keys={kid: content.keys[kid]})
    try:
        _write(apart, alone)
    except FileExistsError:
        if _read(apart) != alone:
            raise KeyFileError(f"{apart} 已存在，内容与要停用的密钥不同，请核对") from None
    _replace(path, replace(content, keys={known: key for known, key in content.keys.items() if known != kid}))
    return apart


def restore(path: Path | str, retired: Path | str) -> str:
    """Put a retired key back beside the others, to open what it sealed; its id. Raises `KeyFileError` for one that is not
    of this installation.
    """
    content, apart = _read(Path(path)), _read(Path(retired))
    known = content.keys.get(apart.active)
    if apart.index != content.index or apart.active not in apart.keys or known not in (None, apart.keys[apart.active]):
        raise KeyFileError(f"{retired} 不是从这个密钥文件停用的密钥")
    _replace(Path(path), replace(content, keys={**apart.keys, **content.keys}))
    return apart.active


def _replace(path: Path, content: _KeyFile) -> None:
    beside = path.with_name(f".{path.name}.new")
    try:
        _write(beside, content)
    except FileExistsError:
        raise KeyFileError(f"{beside} 已存在：另一次换密钥没有做完，请核对后删除它再试") from None
    beside.replace(path)
    _settle_directory(path)


@cache
def _header(cipher: CipherName, kid: str) -> bytes:
    return bytes((VERSION, _CIPHER_BYTE[cipher], len(kid))) + kid.encode()


def _parse(envelope: bytes) -> tuple[CipherName, str, int]:
    """Cipher, kid and where the nonce begins; raises `SealBroken`."""
    if len(envelope) < 4 or envelope[0] != VERSION or envelope[1] not in _CIPHER_NAME:
        raise SealBroken("not an envelope of a known version and cipher")
    body = 3 + envelope[2]
    if len(envelope) < body + NONCE_BYTES + TAG_BYTES:
        raise SealBroken("the envelope is cut short")
    return _CIPHER_NAME[envelope[1]], envelope[3:body].decode("latin-1"), body


def _read(path: Path) -> _KeyFile:
    """The file's four entries, checked; raises `KeyFileError`, never quoting key material."""
    try:
        with path.open(encoding="ascii") as file:
            if os.fstat(file.fileno()).st_mode & 0o077:
                raise KeyFileError(f"密钥文件 {path} 别的用户也能读写，请先执行 chmod 600 {path}")
            content = json.load(file)
        keys = {str(kid): bytes.fromhex(key) for kid, key in content["keys"].items()}
        return _KeyFile(content["cipher"], content["active"], keys, bytes.fromhex(content["index"]))
    except OSError as error:
        raise KeyFileError(f"密钥文件 {path} 打不开（{error.strerror}），请核对路径和权限") from None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _malformed(path, error) from None


def _malformed(path: Path, error: Exception) -> KeyFileError:
    # The message of a malformed value could quote key material; the kind of error is enough.
    return KeyFileError(f"密钥文件 {path} 内容不完整或已损坏（{type(error).__name__}），请从备份恢复")


def _write(path: Path, content: _KeyFile) -> None:
    """Write a file only its owner reads; raises `FileExistsError` rather than touch one that is there."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        keys = {kid: key.hex() for kid, key in content.keys.items()}
        entries = {"cipher": content.cipher, "active": content.active, "keys": keys, "index": content.index.hex()}
        json.dump(entries, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    _settle_directory(path)


def _settle_directory(path: Path) -> None:
    """Make the name itself survive a power cut: data sealed with a lost key is lost."""
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
