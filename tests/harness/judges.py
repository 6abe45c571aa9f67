"""Other people's judges of certificate chains: OpenSSL, GnuTLS, NSS and Mbed TLS, each asked the same question.

`accepts(root, chain, host, purpose)`: `root` is a file with one certificate, `chain` a file with the leaf first, `host` a DNS name,
an IP address or None (no name asked), `purpose` "server" or "client"."""

import base64
import ctypes
import ctypes.util
import ipaddress
import pathlib
import re
import shutil
import subprocess
import tempfile

SERVER_AUTH, CLIENT_AUTH = "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"
PEM = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n?", re.S)


def certificates(file):
    """Each certificate of a PEM file, PEM."""
    return PEM.findall(pathlib.Path(file).read_text())


def der(pem):
    return base64.b64decode("".join(pem.strip().splitlines()[1:-1]))


def is_address(host):
    try:
        ipaddress.ip_address(host)
        return True
    except ValueError:
        return False


def run(*command, input=None):
    return subprocess.run([str(one) for one in command], input=input, capture_output=True, timeout=60)


class OpenSsl:
    name = "OpenSSL"

    @staticmethod
    def missing():
        return None if shutil.which("openssl") else "openssl is not installed"

    def accepts(self, root, chain, host, purpose):
        names = [] if host is None else ["-verify_ip" if is_address(host) else "-verify_hostname", host]
        return run("openssl", "verify", "-x509_strict", "-no-CApath", "-no-CAstore", "-CAfile", root, "-untrusted", chain,
                   "-purpose", f"ssl{purpose}", *names, chain).returncode == 0


class GnuTls:
    name = "GnuTLS"

    @staticmethod
    def missing():
        return None if shutil.which("certtool") else "gnutls-bin is not installed"

    def accepts(self, root, chain, host, purpose):
        names = [] if host is None else ["--verify-hostname", host]
        return run("certtool", "--verify", "--load-ca-certificate", root, "--infile", chain, "--verify-purpose",
                   SERVER_AUTH if purpose == "server" else CLIENT_AUTH, *names).returncode == 0


class Nss:
    """Its tools ask no host name; all else of Firefox's library they do."""
    name = "NSS"

    @staticmethod
    def missing():
        return None if shutil.which("certutil") else "libnss3-tools is not installed"

    def accepts(self, root, chain, host, purpose):
        with tempfile.TemporaryDirectory(prefix="sallyport-nss-") as folder:
            db = f"sql:{folder}/db"
            pathlib.Path(folder, "db").mkdir()
            run("certutil", "-N", "-d", db, "--empty-password").check_returncode()

            def add(name, trust, pem):
                return run("certutil", "-A", "-d", db, "-n", name, "-t", trust, input=pem.encode()).returncode == 0

            leaf, *above = certificates(chain)
            anchor = certificates(root)[0]
            # A certificate that is nobody's authority is trusted as a peer.
            add("root", "P,," if anchor == leaf else "CT,,", anchor)
            for number, one in enumerate(above):
                if one != anchor:
                    add(f"between-{number}", ",,", one)
            name = "root" if anchor == leaf else "leaf"
            return (anchor == leaf or add("leaf", ",,", leaf)) and \
                run("certutil", "-V", "-d", db, "-n", name, "-e", "-u", "V" if purpose == "server" else "C").returncode == 0


class MbedTls:
    """The library itself. It reads critical name constraints only when told that somebody else looks at them, and before 3.5
    knows no IP addresses in certificates."""
    name = "Mbed TLS"
    callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int,
                                ctypes.c_void_p, ctypes.c_void_p)

    @staticmethod
    def missing():
        return None if MbedTls.library() else "Mbed TLS is not installed"

    @staticmethod
    def library():
        found = ctypes.util.find_library("mbedx509")
        return ctypes.CDLL(found) if found else None

    class Chain:
        """An mbedtls_x509_crt in room that is larger than any version's."""

        def __init__(self, library, pems):
            self.library, self.room = library, ctypes.create_string_buffer(16384)
            self.keep = MbedTls.callback(lambda *_: 0)
            library.mbedtls_x509_crt_init(self.room)
            self.read = all(self.add(der(pem)) for pem in pems)

        def add(self, data):
            return self.library.mbedtls_x509_crt_parse_der_with_ext_cb(
                self.room, data, ctypes.c_size_t(len(data)), 1, self.keep, None) == 0

        def free(self):
            self.library.mbedtls_x509_crt_free(self.room)

    def accepts(self, root, chain, host, purpose):
        library = self.library()
        trusted, shown = self.Chain(library, certificates(root)), self.Chain(library, certificates(chain))
        try:
            if not trusted.read or not shown.read:
                return False
            oid = bytes([0x2B, 6, 1, 5, 5, 7, 3, 1 if purpose == "server" else 2])
            if library.mbedtls_x509_crt_check_extended_key_usage(shown.room, oid, ctypes.c_size_t(len(oid))) != 0:
                return False
            flags = ctypes.c_uint32(0)
            name = None if host is None or is_address(host) else host.encode()
            return library.mbedtls_x509_crt_verify(shown.room, trusted.room, None, name, ctypes.byref(flags), None, None) == 0
        finally:
            trusted.free()
            shown.free()


ALL = (OpenSsl, GnuTls, Nss, MbedTls)
