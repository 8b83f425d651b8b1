"""A way by which programs reach the sandbox where they mean Salesforce, and know nothing of it.

They are given a proxy and a certificate authority in the environment, as a company's network would:
whatever they open to ``https://*.salesforce.com`` ends at the sandbox's own TLS port.
"""

import select
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

#: Where the organisation is at home, for whoever comes through the tunnel.
INSTANCE = "https://acme.my.salesforce.com"
TRUST = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")
HOSTS = ("*.salesforce.com", "*.my.salesforce.com", "*.sandbox.my.salesforce.com", "localhost")
RELAYED_AT_ONCE = 65_536


@contextmanager
def open_tunnel(port: int, folder: Path) -> Iterator[Mapping[str, str]]:
    """What a program's environment has to say so that it reaches the server at ``port``.

    The certificate is kept in ``folder``.
    """
    chain, key = folder / "chain.pem", folder / "key.pem"
    write_certificate(chain, key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    with tunnel(port, context) as outer:
        yield {
            **dict.fromkeys(("HTTPS_PROXY", "https_proxy"), f"http://127.0.0.1:{outer}"),
            **dict.fromkeys(("NO_PROXY", "no_proxy"), ""),
            **dict.fromkeys(TRUST, str(chain)),
        }


def write_certificate(chain: Path, key: Path) -> None:
    """A certificate that signs itself, for all hosts that Salesforce answers at."""
    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A sandbox on this machine")])
    now = datetime.now(UTC)
    hosts: list[x509.GeneralName] = [x509.DNSName(host) for host in HOSTS]
    identifier = x509.SubjectKeyIdentifier.from_public_key(secret.public_key())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(
            x509.SubjectAlternativeName([*hosts, x509.IPAddress(ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(identifier, critical=False)
        .sign(secret, hashes.SHA256())
    )
    chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        secret.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


@contextmanager
def tunnel(inner: int, context: ssl.SSLContext) -> Iterator[int]:
    """A proxy that answers every CONNECT itself and hands on to ``inner``; its own port."""
    server = _Tunnel(("127.0.0.1", 0), _Connect)
    server.inner, server.context = inner, context
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Tunnel(socketserver.ThreadingTCPServer):
    inner: int
    context: ssl.SSLContext


class _Connect(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        first = self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        if not first.startswith(b"CONNECT "):
            self.wfile.write(b"HTTP/1.1 405 Only CONNECT\r\nContent-Length: 0\r\n\r\n")
            return
        self.wfile.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        tunnel = cast("_Tunnel", self.server)
        with (
            # Whoever is killed, or hangs up in mid-sentence, says no goodbye; nor do programs that
            # ask for other hosts than Salesforce's and know better whose certificate those have.
            suppress(OSError),
            tunnel.context.wrap_socket(self.connection, server_side=True) as client,
            socket.create_connection(("127.0.0.1", tunnel.inner)) as sandbox,
        ):
            _relay(client, sandbox)


def _relay(client: ssl.SSLSocket, sandbox: socket.socket) -> None:
    """One thread for both ways, since an SSLSocket is not for two."""
    others = {client: sandbox, sandbox: client}
    while True:
        # What TLS has read already, no select tells of.
        ready = [client] if client.pending() else select.select([client, sandbox], [], [])[0]
        for each in ready:
            some = each.recv(RELAYED_AT_ONCE)
            if not some:
                return
            others[each].sendall(some)
