"""Keys, sealing and signing: what opens, what is refused, and what a forger's header can do."""

import base64
import hmac
import stat
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey

from chassis.core.errors import PermanentError, StartError
from chassis.sealing.file_keys import FileKeys, new_key, read_key_set, write_key_set
from chassis.sealing.seal import seal, sign, unseal, verify

RECEIVER = new_key("county", "enc")
SIGNER = new_key("kunta-109", "sig")
SEALED = seal(b"what is told", RECEIVER)
SIGNED = sign(b"what is said", SIGNER)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["kty", "crv", "x", "y"]), inner),
    max_leaves=4,
)
HEADER_NAMES = ("alg", "enc", "epk", "zip", "crit", "apu", "apv", "b64", "jwk", "x5c", "typ")


def with_header(token: str, **changes: object) -> str:
    """The token with other header members, as a forger would write it."""
    first, rest = token.split(".", 1)
    header = orjson.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    forged = base64.urlsafe_b64encode(orjson.dumps({**header, **changes})).decode().rstrip("=")
    return f"{forged}.{rest}"


def public(key: ECKey) -> ECKey:
    return ECKey.import_key(key.as_dict(private=False))


def renamed(key: ECKey, namesake: ECKey) -> ECKey:
    """The key under another's id, as a forger would have it."""
    return ECKey.import_key({**key.as_dict(private=True), "kid": str(namesake.kid)})


def code_of(open_token: Callable[[str, Sequence[ECKey]], bytes], token: str, keys: Sequence[ECKey]) -> str:
    with pytest.raises(PermanentError) as caught:
        open_token(token, keys)
    return caught.value.code


class TestSealing:
    def test_what_is_sealed_for_a_public_key_opens_with_its_private_half(self) -> None:
        assert unseal(seal(b"told", public(RECEIVER)), [RECEIVER]) == b"told"

    def test_old_key_still_opens_what_was_sealed_before_the_rotation(self) -> None:
        newer = new_key("county", "enc")
        assert unseal(SEALED, [newer, RECEIVER]) == b"what is told"
        assert unseal(seal(b"new", newer), [newer, RECEIVER]) == b"new"

    def test_key_that_is_not_here_is_named_as_unknown(self) -> None:
        assert code_of(unseal, SEALED, [new_key("county", "enc")]) == "unknown-key"

    def test_other_key_of_the_same_name_does_not_open(self) -> None:
        other = renamed(new_key("county", "enc"), RECEIVER)
        assert code_of(unseal, SEALED, [other]) == "not-sealed"

    def test_public_half_alone_does_not_open(self) -> None:
        assert code_of(unseal, SEALED, [public(RECEIVER)]) == "not-sealed"

    @pytest.mark.parametrize("part", range(5), ids=["header", "encrypted key", "iv", "ciphertext", "tag"])
    def test_text_changed_anywhere_is_refused(self, part: int) -> None:
        parts = SEALED.split(".")
        parts[part] = ("A" if parts[part][0] != "A" else "B") + parts[part][1:]
        assert code_of(unseal, ".".join(parts), [RECEIVER]) == "not-sealed"

    @pytest.mark.parametrize("token", ["", ".", "no token", "....", "é.a.b.c.d", "W10.a.b.c.d", SEALED[:-30]])
    def test_text_that_is_no_token_is_refused(self, token: str) -> None:
        assert code_of(unseal, token, [RECEIVER]) in ("not-sealed", "unknown-key")

    @pytest.mark.parametrize("change", [{"alg": "dir"}, {"alg": "ECDH-ES"}, {"enc": "A128CBC-HS256"}, {"zip": "DEF"}])
    def test_other_algorithms_are_refused(self, change: dict[str, str]) -> None:
        assert code_of(unseal, with_header(SEALED, **change), [RECEIVER]) == "not-sealed"

    @given(name=st.sampled_from(HEADER_NAMES), value=JSON)
    def test_no_header_makes_a_forged_text_an_unknown_error(self, name: str, value: object) -> None:
        assert code_of(unseal, with_header(SEALED, **{name: value}), [RECEIVER]) == "not-sealed"

    @given(plain=st.binary(max_size=2000))
    def test_any_bytes_come_back_as_they_were(self, plain: bytes) -> None:
        assert unseal(seal(plain, RECEIVER), [RECEIVER]) == plain


class TestSigning:
    def test_statement_is_given_back_when_its_signer_is_known(self) -> None:
        assert verify(SIGNED, [new_key("kunta-109", "sig"), public(SIGNER)]) == b"what is said"

    def test_signature_of_another_key_under_the_same_name_is_refused(self) -> None:
        forger = renamed(new_key("kunta-109", "sig"), SIGNER)
        assert code_of(verify, sign(b"what is said", forger), [public(SIGNER)]) == "bad-signature"

    def test_unknown_signer_is_named_as_unknown(self) -> None:
        assert code_of(verify, SIGNED, [new_key("kunta-165", "sig")]) == "unknown-key"

    def test_changed_statement_is_refused(self) -> None:
        header, _, signature = SIGNED.split(".")
        payload = base64.urlsafe_b64encode(b"something else").decode().rstrip("=")
        assert code_of(verify, f"{header}.{payload}.{signature}", [SIGNER]) == "bad-signature"

    @pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "ES384", "RS256"])
    def test_algorithm_of_the_senders_choice_is_refused(self, algorithm: str) -> None:
        assert code_of(verify, with_header(SIGNED, alg=algorithm), [SIGNER]) == "bad-signature"

    def test_unsigned_token_is_refused(self) -> None:
        unsigned = with_header(SIGNED, alg="none").rsplit(".", 1)[0] + "."
        assert code_of(verify, unsigned, [SIGNER]) == "bad-signature"

    def test_public_key_used_as_a_shared_secret_does_not_sign(self) -> None:
        """The classic confusion of algorithms: everybody knows the public key, so everybody could sign with it."""
        unsigned = with_header(SIGNED, alg="HS256").rsplit(".", 1)[0]
        mac = hmac.new(SIGNER.as_pem(private=False), unsigned.encode(), sha256).digest()
        forged = f"{unsigned}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"
        assert code_of(verify, forged, [public(SIGNER)]) == "bad-signature"

    @given(name=st.sampled_from(HEADER_NAMES), value=JSON)
    def test_no_header_makes_a_forged_statement_an_unknown_error(self, name: str, value: object) -> None:
        assert code_of(verify, with_header(SIGNED, **{name: value}), [SIGNER]) == "bad-signature"


class TestFileKeys:
    def test_data_key_unwraps_under_its_own_context_only(self, tmp_path: Path) -> None:
        keys = FileKeys.create(tmp_path, names={})
        wrapped = keys.wrap(b"k" * 32, context="referral-1")
        assert keys.unwrap(wrapped, context="referral-1") == b"k" * 32
        assert b"k" * 8 not in wrapped
        with pytest.raises(PermanentError, match="wrong-key"):
            keys.unwrap(wrapped, context="referral-2")

    @pytest.mark.parametrize("keep", [0, 11, 12, 20, 59])
    def test_data_key_cut_short_is_refused(self, tmp_path: Path, keep: int) -> None:
        keys = FileKeys.create(tmp_path, names={})
        wrapped = keys.wrap(b"k" * 32, context="referral-1")
        with pytest.raises(PermanentError, match="wrong-key"):
            keys.unwrap(wrapped[:keep], context="referral-1")

    def test_another_master_key_does_not_unwrap(self, tmp_path: Path) -> None:
        wrapped = FileKeys.create(tmp_path / "a", names={}).wrap(b"k" * 32, context="referral-1")
        with pytest.raises(PermanentError, match="wrong-key"):
            FileKeys.create(tmp_path / "b", names={}).unwrap(wrapped, context="referral-1")

    def test_pseudonym_is_stable_and_differs_by_purpose_and_by_master_key(self, tmp_path: Path) -> None:
        keys = FileKeys.create(tmp_path / "a", names={})
        other = FileKeys.create(tmp_path / "b", names={})
        name = keys.pseudonym("131052-308T", purpose="disclosure")
        assert name == FileKeys(tmp_path / "a").pseudonym("131052-308T", purpose="disclosure")
        different = {name, keys.pseudonym("131052-308T", purpose="usage")}
        assert len(different | {other.pseudonym("131052-308T", purpose="disclosure")}) == 3

    def test_key_files_are_readable_by_their_owner_only(self, tmp_path: Path) -> None:
        FileKeys.create(tmp_path, names={"county": "enc", "signer": "sig"})
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
        assert modes == {"master.key": 0o600, "county.jwks.json": 0o600, "signer.jwks.json": 0o600}

    def test_second_set_up_changes_no_key(self, tmp_path: Path) -> None:
        FileKeys.create(tmp_path, names={"county": "enc"})
        before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
        FileKeys.create(tmp_path, names={"county": "enc"})
        assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before

    def test_public_key_is_the_newest_without_its_private_half(self, tmp_path: Path) -> None:
        keys = FileKeys.create(tmp_path, names={})
        older, newer = new_key("county", "enc"), new_key("county", "enc")
        write_key_set(tmp_path / "county.jwks.json", [newer, older], private=True)
        assert [key.kid for key in keys.private_keys("county")] == [newer.kid, older.kid]
        assert keys.public_key("county").kid == newer.kid
        assert not keys.public_key("county").is_private

    def test_public_key_set_holds_no_private_half(self, tmp_path: Path) -> None:
        write_key_set(tmp_path / "public.jwks.json", [RECEIVER], private=False)
        assert not any(key.is_private for key in read_key_set(tmp_path / "public.jwks.json"))

    def test_missing_folder_is_one_sentence_that_names_the_setting(self, tmp_path: Path) -> None:
        with pytest.raises(StartError, match="set HYTE_KEYS to the folder") as caught:
            FileKeys(tmp_path / "nowhere")
        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"keys": [{"kty": "EC"}]}', '{"keys": 5}'])
    def test_unreadable_key_file_is_one_sentence_that_names_it(self, tmp_path: Path, content: str | None) -> None:
        file = tmp_path / "county.jwks.json"
        if content is not None:
            file.write_text(content)
        with pytest.raises(StartError, match=r"county\.jwks\.json cannot be read"):
            read_key_set(file)
