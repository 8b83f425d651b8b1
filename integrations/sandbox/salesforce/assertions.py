"""Check the signed assertion of the OAuth JWT bearer flow."""

import base64
import binascii
import json
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from integrations.sandbox.salesforce.sessions import Credentials

#: How far ahead an assertion may expire, with room for clocks that differ.
LONGEST = timedelta(minutes=10)
PARTS = 3
#: No second of an expiry that anybody means has so large a number.
IN_MILLISECONDS = 10**12


class BadAssertion(Exception):
    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


def _invalid() -> BadAssertion:
    return BadAssertion("invalid_grant", "invalid assertion")


def check_assertion(
    assertion: str,
    *,
    credentials: Credentials,
    audiences: Collection[str],
    clocks: Collection[datetime],
) -> None:
    """Raises BadAssertion unless one of the clocks finds the assertion valid."""
    parts = assertion.split(".")
    if len(parts) != PARTS:
        raise _invalid()
    header, claims = _decoded(parts[0]), _decoded(parts[1])
    if header.get("alg") != "RS256":
        raise _invalid()
    if claims.get("iss") != credentials.client_id:
        raise BadAssertion("invalid_client_id", "client identifier invalid")
    if credentials.public_key is not None:
        _check_signature(parts, credentials.public_key)
    if not _is_audience(str(claims.get("aud", "")), audiences):
        raise BadAssertion("invalid_grant", "audience is invalid")
    _check_expiry(claims.get("exp"), clocks)
    subject = str(claims.get("sub") or claims.get("prn") or "")
    if subject.lower() != credentials.username.lower():
        raise BadAssertion("invalid_grant", "user hasn't approved this consumer")


def _bytes(part: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except (binascii.Error, ValueError):
        raise _invalid() from None


def _decoded(part: str) -> dict[str, Any]:
    try:
        decoded = json.loads(_bytes(part))
    except (UnicodeDecodeError, json.JSONDecodeError):
        raise _invalid() from None
    if not isinstance(decoded, dict):
        raise _invalid()
    return decoded


def _check_signature(parts: list[str], pem: str) -> None:
    key: object = (
        x509.load_pem_x509_certificate(pem.encode()).public_key()
        if "BEGIN CERTIFICATE" in pem
        else serialization.load_pem_public_key(pem.encode())
    )
    if not isinstance(key, rsa.RSAPublicKey):
        raise TypeError("the sandbox's public key for assertions must be an RSA key")
    try:
        key.verify(
            _bytes(parts[2]),
            f"{parts[0]}.{parts[1]}".encode(),
            padding.PKCS1v15(),
            hashes.SHA256(),
        )
    except InvalidSignature:
        raise _invalid() from None


def _is_audience(audience: str, own: Collection[str]) -> bool:
    host = audience.removeprefix("https://").rstrip("/")
    is_salesforce = audience.startswith("https://") and host.endswith(".salesforce.com")
    return is_salesforce or audience.rstrip("/") in own


def _check_expiry(claim: object, clocks: Collection[datetime]) -> None:
    try:
        # Some clients send the number as text.
        number = float(str(claim))
        if number > IN_MILLISECONDS:
            # Salesforce's own command line counts them, and is let in.
            return
        expires = datetime.fromtimestamp(number, UTC)
    except (ValueError, OverflowError, OSError):
        raise _invalid() from None
    if not any(now < expires <= now + LONGEST for now in clocks):
        raise BadAssertion("invalid_grant", "expired authorization code")
