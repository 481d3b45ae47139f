"""RFC 3161 timestamps: the request, the verified answer."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import rfc3161_client
from asn1crypto import cms, parser, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}

# What the parsers raise on bytes from outside.
_UNREADABLE = (
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    IndexError,
    OverflowError,
    RecursionError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.ExtensionNotFound,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)


class TimestampError(ValueError):
    """Codes: unreadable, refused (not granted), imprint, nonce, signature, chain."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Timestamp:
    """What a token says: aware UTC time, 32-byte imprint, nonce, and the signer's name from its certificate."""

    time: datetime
    imprint: bytes
    nonce: int | None
    serial: int
    policy: str
    authority: str


def new_nonce() -> int:
    return secrets.randbits(63)


def build_request(imprint: bytes, nonce: int) -> bytes:
    """DER TimeStampReq over a SHA-256 imprint (32 bytes), asking for the signer's certificate."""
    if len(imprint) != 32:
        raise TimestampError("imprint", "the imprint is 32 bytes of SHA-256")
    request = tsp.TimeStampReq(
        {
            "version": "v1",
            "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": imprint},
            "nonce": nonce,
            "cert_req": True,
        }
    )
    der: bytes = request.dump()
    return der


def read_response(der: bytes) -> Timestamp:
    """Parse a DER TimeStampResp without trusting it. Raises TimestampError unreadable, refused."""
    signed = _signed_data(der)
    try:
        info = signed["encap_content_info"]["content"].parsed
        imprint = info["message_imprint"]
        if info["message_imprint"]["hash_algorithm"]["algorithm"].native != "sha256":
            raise TimestampError("imprint", "the token is not over SHA-256")
        certificate = _signer_certificate(signed)
        return Timestamp(
            time=info["gen_time"].native,
            imprint=imprint["hashed_message"].native,
            nonce=info["nonce"].native,
            serial=info["serial_number"].native,
            policy=info["policy"].native,
            authority=certificate.subject.rfc4514_string(),
        )
    except TimestampError:
        raise
    except _UNREADABLE as error:
        raise TimestampError("unreadable", f"the token cannot be read: {error}") from error


def verify_response(
    der: bytes, imprint: bytes, *, roots: Sequence[x509.Certificate] = (), nonce: int | None = None
) -> Timestamp:
    """Check a DER TimeStampResp: imprint, nonce if given, signature, and the chain when roots are given.

    Without roots the signature is checked against the certificate inside the token, which proves that the token
    is whole, not who made it: the caller says so. Raises TimestampError.
    """
    stamp = read_response(der)
    if not hmac.compare_digest(stamp.imprint, imprint):
        raise TimestampError("imprint", "the token is for other content")
    if nonce is not None and stamp.nonce != nonce:
        raise TimestampError("nonce", "the token answers another request")
    _verify_signature(_signed_data(der))
    if roots:
        _verify_chain(der, imprint, roots)
    return stamp


def load_roots(pem: bytes) -> list[x509.Certificate]:
    """Certificates of a PEM file; raises TimestampError `unreadable`."""
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise TimestampError("unreadable", "not a PEM certificate") from error


def _verify_chain(der: bytes, imprint: bytes, roots: Sequence[x509.Certificate]) -> None:
    try:
        response = rfc3161_client.decode_timestamp_response(der)
        rfc3161_client.VerifierBuilder(roots=list(roots)).build().verify(response, imprint)
    except (rfc3161_client.VerificationError, *_UNREADABLE) as error:
        raise TimestampError("chain", f"the token does not lead to a known root: {error}") from error


def _signed_data(der: bytes) -> cms.SignedData:
    try:
        # The status first: a refusal has no token, which asn1crypto would call malformed.
        status = tsp.PKIStatusInfo.load(parser.parse(der, strict=True)[4])["status"].native
    except _UNREADABLE as error:
        raise TimestampError("unreadable", f"the answer cannot be read: {error}") from error
    if status not in ("granted", "granted_with_mods"):
        raise TimestampError("refused", f"the timestamp was not granted: {status}")
    try:
        token = tsp.TimeStampResp.load(der, strict=True)["time_stamp_token"]
        if token["content_type"].native != "signed_data":
            raise TimestampError("unreadable", "the token is not signed data")
        signed = token["content"]
        if signed["encap_content_info"]["content_type"].native != "tst_info" or len(signed["signer_infos"]) != 1:
            raise TimestampError("unreadable", "the token is not a timestamp with one signer")
    except TimestampError:
        raise
    except _UNREADABLE as error:
        raise TimestampError("unreadable", f"the token cannot be read: {error}") from error
    return signed


def _signer_certificate(signed: cms.SignedData) -> x509.Certificate:
    sid = signed["signer_infos"][0]["sid"].chosen
    for choice in signed["certificates"] or ():
        certificate = choice.chosen
        if isinstance(sid, cms.IssuerAndSerialNumber) and (
            certificate.issuer == sid["issuer"] and certificate.serial_number == sid["serial_number"].native
        ):
            return x509.load_der_x509_certificate(certificate.dump())
    raise TimestampError("unreadable", "the token does not hold its signer's certificate")


def _verify_signature(signed: cms.SignedData) -> None:
    try:
        signer = signed["signer_infos"][0]
        attributes = {item["type"].native: item["values"] for item in signer["signed_attrs"]}
        algorithm = _HASHES[signer["digest_algorithm"]["algorithm"].native]
        digest = hashes.Hash(algorithm)
        digest.update(signed["encap_content_info"]["content"].contents)
        if attributes["message_digest"][0].native != digest.finalize():
            raise TimestampError("signature", "the token's content was altered")
        key = _signer_certificate(signed).public_key()
        covered = signer["signed_attrs"].untag().dump(force=False)
        signature = signer["signature"].native
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, covered, padding.PKCS1v15(), algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, covered, ec.ECDSA(algorithm))
        else:
            raise TimestampError("signature", "the token's signature is of an unknown kind")
    except InvalidSignature as error:
        raise TimestampError("signature", "the token's signature is false") from error
    except TimestampError:
        raise
    except _UNREADABLE as error:
        raise TimestampError("unreadable", f"the token cannot be read: {error}") from error
