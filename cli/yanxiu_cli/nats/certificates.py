"""An authority of the deployment's own, the server's certificate and one for each process."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from yanxiu_cli.local.folder import write_private

AUTHORITY_DAYS = 3650
CERTIFICATE_DAYS = 397
# Clocks of two machines differ.
_BEFORE = timedelta(minutes=5)


class Authority:
    """The authority in a folder, made when it is not there; its key never leaves the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.certificate_file = folder / "ca.pem"
        if not (folder / "ca.key").exists():
            self._make()
        key = load_pem_private_key((folder / "ca.key").read_bytes(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError(f"{folder / 'ca.key'} is not a key of this command")
        self._key = key
        self._certificate = x509.load_pem_x509_certificate(self.certificate_file.read_bytes())

    def has(self, name: str) -> bool:
        """Whether there is a certificate of that name that holds for another month."""
        path = self.folder / f"{name}.pem"
        if not path.exists():
            return False
        found = x509.load_pem_x509_certificate(path.read_bytes())
        return found.not_valid_after_utc > datetime.now(UTC) + timedelta(days=30)

    def issue(self, name: str, hosts: Sequence[str] = ()) -> None:
        """Write `<name>.pem` and `<name>.key`; with `hosts` it is a server's, else a client's."""
        key = ec.generate_private_key(ec.SECP256R1())
        # A server of a cluster shows the others its certificate as their client, too.
        usage = [ExtendedKeyUsageOID.CLIENT_AUTH, *([ExtendedKeyUsageOID.SERVER_AUTH] if hosts else [])]
        builder = (
            _begin(name, CERTIFICATE_DAYS)
            .issuer_name(self._certificate.subject)
            .public_key(key.public_key())
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage(usage), critical=False)
            .add_extension(_whose(self._key.public_key()), critical=False)
        )
        if hosts:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([_host(host) for host in hosts]), critical=False
            )
        self._write(name, key, builder.sign(self._key, SHA256()))

    def _make(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = (
            _begin("yanxiu nats authority", AUTHORITY_DAYS)
            .issuer_name(_name("yanxiu nats authority"))
            .public_key(key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(_SIGNS, critical=True)
        )
        self._write("ca", key, builder.sign(key, SHA256()))

    def _write(self, name: str, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        write_private(self.folder / f"{name}.key", text)
        write_private(self.folder / f"{name}.pem", certificate.public_bytes(Encoding.PEM))


_SIGNS = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


def _begin(name: str, days: int) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BEFORE)
        .not_valid_after(now + timedelta(days=days))
    )


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _whose(key: ec.EllipticCurvePublicKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key)


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
