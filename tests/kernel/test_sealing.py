"""Sealing: only the right key, row and column open an envelope, and a secret never slips out unasked."""

import copy
import hashlib
import hmac
import json
import logging
import os
import pickle
import random
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from unionhall.kernel import ciphers
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.identifiers import mask_document
from unionhall.kernel.keys import (
    KeyFileError,
    KeyService,
    LocalKeyService,
    SealBroken,
    create_keys,
    load_keys,
    rotate,
)
from unionhall.kernel.secret import Secret

NUMBER = "110102190001010010"
COLUMN = "people_identity.number"
INDEX_KEY = bytes(range(32))
OFFICER = Actor(7, "李干部")


def service(cipher: ciphers.CipherName = "aes-gcm", **keys: bytes) -> LocalKeyService:
    return LocalKeyService(keys or {"k1": b"1" * 32}, max(keys, default="k1"), cipher, index_key=INDEX_KEY)


BOTH = pytest.mark.parametrize("cipher", ["aes-gcm", "sm4-gcm"])
AES, SM4 = service("aes-gcm"), service("sm4-gcm")


@given(st.sampled_from([AES, SM4]), st.integers(-1, 2**63), st.text())
def test_what_is_sealed_opens_to_the_same_text(keys: KeyService, uid: int, text: str) -> None:
    assert keys.open(COLUMN, uid, keys.seal(COLUMN, uid, text.encode())) == text.encode()
    assert keys.open(COLUMN, uid, keys.sealer(COLUMN)(uid, text)).decode() == text


@BOTH
def test_ten_thousand_flipped_bits_are_all_refused(cipher: ciphers.CipherName) -> None:
    keys = service(cipher)
    dice = random.Random(20261120)
    seal = keys.sealer(COLUMN)
    for uid in range(10_000):
        envelope = bytearray(seal(uid, NUMBER))
        bit = uid if uid < len(envelope) * 8 else dice.randrange(len(envelope) * 8)  # first every bit once
        envelope[bit // 8] ^= 1 << bit % 8
        with pytest.raises(SealBroken):
            keys.open(COLUMN, uid, bytes(envelope))


@BOTH
def test_an_envelope_cut_anywhere_or_lengthened_is_refused(cipher: ciphers.CipherName) -> None:
    keys = service(cipher)
    envelope = keys.seal(COLUMN, 1, NUMBER.encode())
    for wrong in [envelope[:at] for at in range(len(envelope))] + [envelope + b"\0", NUMBER.encode(), b"\1\1\xff"]:
        with pytest.raises(SealBroken):
            keys.open(COLUMN, 1, wrong)


@BOTH
def test_an_envelope_moved_to_another_row_or_column_is_refused(cipher: ciphers.CipherName) -> None:
    keys = service(cipher)
    envelope = keys.seal(COLUMN, 1, NUMBER.encode())
    for column, uid in ((COLUMN, 2), ("people_card.number", 1), (COLUMN + "|1", 1), (COLUMN, 11)):
        with pytest.raises(SealBroken):
            keys.open(column, uid, envelope)


@BOTH
def test_another_key_does_not_open_it_and_the_error_does_not_tell_it(cipher: ciphers.CipherName) -> None:
    envelope = service(cipher).seal(COLUMN, 1, NUMBER.encode())
    for other in (service(cipher, k1=b"2" * 32), service(cipher, k2=b"1" * 32)):
        with pytest.raises(SealBroken) as caught:
            other.open(COLUMN, 1, envelope)
        assert NUMBER not in str(caught.value)


def test_no_two_envelopes_of_one_value_are_alike_and_none_holds_it() -> None:
    envelopes = {AES.seal(COLUMN, 1, NUMBER.encode()) for _ in range(3000)}  # more than one draw of nonces
    assert len(envelopes) == 3000
    assert not any(NUMBER.encode() in envelope for envelope in envelopes)


def test_columns_have_different_keys() -> None:
    assert AES.index(COLUMN, b"x") != AES.index("people_card.number", b"x")
    envelope = AES.seal(COLUMN, 1, b"x")
    nonce, sealed = envelope[5:17], envelope[17:]
    assert AES._aead(COLUMN, "k1", "aes-gcm").decrypt(nonce, sealed, b"people_identity.number|1") == b"x"
    with pytest.raises(InvalidTag):  # though nonce and associated data are right
        AES._aead("people_card.number", "k1", "aes-gcm").decrypt(nonce, sealed, b"people_identity.number|1")


def test_threads_never_share_a_nonce() -> None:
    with ThreadPoolExecutor(8) as pool:
        draws = pool.map(lambda _: [ciphers.fresh_nonce() for _ in range(3000)], range(8))
        drawn = [nonce for draw in draws for nonce in draw]
    assert len(set(drawn)) == len(drawn) == 24_000


def test_a_forked_process_draws_its_own_nonces() -> None:
    ciphers.fresh_nonce()  # fills the pool the child would inherit
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, b"".join(ciphers.fresh_nonce() for _ in range(50)))
        os._exit(0)
    os.close(writer)
    theirs = os.read(reader, 600)
    os.close(reader)
    os.waitpid(child, 0)
    ours = {ciphers.fresh_nonce() for _ in range(50)}
    assert len(theirs) == 600
    assert ours.isdisjoint(theirs[at : at + 12] for at in range(0, 600, 12))


def test_a_cipher_can_be_changed_while_old_envelopes_still_open() -> None:
    envelope = AES.seal(COLUMN, 1, NUMBER.encode())
    assert SM4.open(COLUMN, 1, envelope) == NUMBER.encode()
    assert SM4.needs_resealing(envelope) and not AES.needs_resealing(envelope)


def test_an_index_is_keyed_short_and_the_same_in_bulk() -> None:
    assert AES.index(COLUMN, NUMBER.encode()) == AES.indexer(COLUMN)(NUMBER)
    assert len(AES.index(COLUMN, b"")) == 16
    other = LocalKeyService({"k1": b"1" * 32}, "k1", index_key=b"z" * 32)
    assert other.index(COLUMN, NUMBER.encode()) != AES.index(COLUMN, NUMBER.encode())


def test_a_digest_for_one_purpose_is_none_for_another() -> None:
    assert AES.mac("rows")(b"row") == AES.mac("rows")(b"row") != AES.mac("chain")(b"row")
    assert AES.mac(COLUMN)(b"x") != AES.index(COLUMN, b"x")
    assert len(AES.mac("rows")(b"row")) == 16


@given(st.binary(min_size=1, max_size=80), st.binary(max_size=300))
def test_hmac_sm3_is_the_standard_construction(key: bytes, message: bytes) -> None:
    # RFC 2104 spelled out over a plain hash; hashlib's own SM3 where this build has it
    def sm3(data: bytes) -> bytes:
        digest = ciphers.hashes.Hash(ciphers.hashes.SM3())
        digest.update(data)
        return digest.finalize()

    padded = (key if len(key) <= 64 else sm3(key)).ljust(64, b"\0")
    inner = sm3(bytes(byte ^ 0x36 for byte in padded) + message)
    ours = ciphers.hmac_sm3(key)(message)
    assert ours == sm3(bytes(byte ^ 0x5C for byte in padded) + inner)
    if "sm3" in hashlib.algorithms_available:
        assert ours == hmac.digest(key, message, "sm3")


def test_a_library_that_computes_wrongly_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ciphers._SM4_VECTOR, "sealed", "00" + ciphers._SM4_VECTOR["sealed"][2:])
    with pytest.raises(RuntimeError, match="sm4-gcm"):
        service("aes-gcm")


@pytest.mark.parametrize(
    "wrong",
    [
        {"keys": {"k1": b"short"}},
        {"keys": {"k 1": b"1" * 32}, "active": "k 1"},
        {"active": "k2"},
        {"cipher": "des"},
        {"index_key": b"short"},
        {"index_key": b"1" * 32},  # a sealing key
    ],
)
def test_unfit_keys_are_refused_at_the_start(wrong: dict[str, object]) -> None:
    fit: dict[str, object] = {"keys": {"k1": b"1" * 32}, "active": "k1", "cipher": "aes-gcm", "index_key": INDEX_KEY}
    LocalKeyService(**fit)  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        LocalKeyService(**{**fit, **wrong})  # type: ignore[arg-type]


@BOTH
def test_a_key_file_is_private_and_never_overwritten(cipher: ciphers.CipherName, tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    envelope = create_keys(path, cipher).seal(COLUMN, 1, b"x")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(KeyFileError, match="已存在"):
        create_keys(path)
    assert load_keys(path).cipher == cipher
    assert load_keys(path).open(COLUMN, 1, envelope) == b"x"


def test_after_rotation_old_envelopes_open_new_ones_use_the_new_key_and_indexes_stand(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    before = create_keys(path)
    envelope, index = before.seal(COLUMN, 1, b"x"), before.index(COLUMN, b"x")
    after = rotate(path)
    assert after.active == "k2" and rotate(path).active == "k3"
    assert after.open(COLUMN, 1, envelope) == b"x"
    assert after.index(COLUMN, b"x") == index
    assert after.needs_resealing(envelope)
    resealed = after.seal(COLUMN, 1, b"x")
    assert not after.needs_resealing(resealed)
    assert before.open(COLUMN, 1, resealed) == b"x", "who loaded the file before looks again"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["keys.json"]


def test_a_bad_key_file_is_refused_in_words_without_quoting_it(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    with pytest.raises(KeyFileError, match="打不开"):
        load_keys(path)
    create_keys(path)
    good = json.loads(path.read_text())
    for wrong in (
        {},
        [],
        {**good, "active": "k9"},
        {**good, "cipher": "des"},
        {**good, "cipher": []},
        {**good, "index": "SECRET"},
        {**good, "keys": {"k1": 5}},
        {**good, "keys": {"": good["index"]}},
    ):
        path.write_text(json.dumps(wrong))
        with pytest.raises(KeyFileError, match="损坏") as caught:
            load_keys(path)
        assert "SECRET" not in str(caught.value)
    path.write_text(json.dumps(good))
    path.chmod(0o644)
    with pytest.raises(KeyFileError, match="chmod 600"):
        load_keys(path)


# --- Secret ---------------------------------------------------------------------------------------------------------


def secret(mask: object = "110*************10") -> Secret:
    return Secret(AES.seal(COLUMN, 1, NUMBER.encode()), COLUMN, 1, AES, mask)  # type: ignore[arg-type]


@pytest.mark.parametrize("mask", ["110*************10", mask_document])
def test_a_secret_shows_only_its_mask_wherever_it_is_printed(mask: object, caplog: pytest.LogCaptureFixture) -> None:
    value = secret(mask)
    with caplog.at_level(logging.INFO):
        logging.getLogger("door").info("saved %s %r", value, {"number": value})
    shown = [
        str(value),
        repr(value),
        f"{value}",
        f"{value:>20}",
        f"{value!r}",
        format(value),
        str([value]),
        caplog.text,
        json.dumps({"number": value}, default=str),
    ]
    assert all("110*************10" in text for text in shown)
    assert not any(NUMBER in text for text in shown)


@pytest.mark.parametrize("slip", [pickle.dumps, copy.copy, copy.deepcopy, json.dumps, vars, bytes, list])
def test_a_secret_does_not_slip_into_a_session_cache_or_answer(slip: object) -> None:
    with pytest.raises(TypeError):
        slip(secret())  # type: ignore[operator]


def test_a_mask_that_hides_nothing_is_not_shown() -> None:
    assert NUMBER not in str(secret(lambda plaintext: plaintext))
    assert NUMBER not in str(Secret(b"", COLUMN, 1, AES))


def test_a_broken_secret_still_prints() -> None:
    assert "损坏" in repr(Secret(b"rubbish", COLUMN, 1, AES, mask_document))


def test_revealing_goes_through_the_witness_first() -> None:
    seen: list[tuple[Actor, str, str, int]] = []
    assert secret().reveal(OFFICER, " 核对入会资料 ", lambda *line: seen.append(line)) == NUMBER
    assert seen == [(OFFICER, "核对入会资料", COLUMN, 1)]


def test_a_witness_that_refuses_leaves_it_sealed() -> None:
    class Untouchable:
        def open(self, column: str, uid: int, envelope: bytes) -> bytes:
            pytest.fail("opened before the witness let it pass")

    def refuse(actor: Actor, purpose: str, column: str, uid: int) -> None:
        raise NotYours(column)

    with pytest.raises(NotYours):
        Secret(b"", COLUMN, 1, Untouchable()).reveal(OFFICER, "核对", refuse)  # type: ignore[arg-type]


@pytest.mark.parametrize("purpose", ["", "  ", "\u3000"])
def test_no_purpose_no_plaintext_and_no_witness(purpose: str) -> None:
    with pytest.raises(Refused, match="查看原因"):
        secret().reveal(OFFICER, purpose, lambda *line: pytest.fail("witnessed nothing"))


def test_a_broken_envelope_raises_when_revealed() -> None:
    with pytest.raises(SealBroken):
        Secret(secret().envelope, COLUMN, 2, AES).reveal(OFFICER, "核对", lambda *line: None)


def test_secrets_are_equal_by_envelope_only() -> None:
    one = secret()
    assert one == Secret(one.envelope, COLUMN, 1, AES) and hash(one) == hash(Secret(one.envelope, COLUMN, 1, AES))
    assert one != secret()  # the same number, sealed again
    assert one != NUMBER
