"""Becomes the program of a service unit, as systemd would: as_unit.py ROOT UNIT, already in its network.

What of the unit can be done without systemd is done: user, capabilities, a system that is read-only but for the service's own folder, private /tmp, limits,
no new privileges, no memory that is both writable and executable, address families and system calls."""

import ctypes
import grp
import os
import pathlib
import pwd
import resource
import socket
import subprocess
import sys

from unit import Unit

CLONE_NEWNS, CLONE_NEWIPC = 0x00020000, 0x08000000
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, PR_SET_MDWE, PR_SET_SECUREBITS = 24, 38, 47, 65, 28
KEEP_CAPS = 1 << 4
CAPABILITIES = {"CAP_NET_BIND_SERVICE": 10}
ALLOW, REFUSE = 0x7FFF0000, 0x00050001  # SCMP_ACT_ALLOW, SCMP_ACT_ERRNO(EPERM)
EQUAL = 4

libc = ctypes.CDLL("libc.so.6", use_errno=True)


class Argument(ctypes.Structure):
    _fields_ = [("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64)]


def check(status, what):
    if status < 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


def mount(*arguments):
    subprocess.run(["mount", *map(str, arguments)], check=True)


def stand_alone(unit, root, state):
    """The service's own view of the file system, at `root`."""
    check(libc.unshare(CLONE_NEWNS | (CLONE_NEWIPC if unit.yes("PrivateIPC") else 0)), "unshare")
    mount("--make-rprivate", "/")
    noexec = unit.words("NoExecPaths") == ["/"]
    if unit.yes("ProtectSystem"):
        mount("--bind", root, root)
        mount("-o", "remount,bind,ro" + (",noexec" if noexec else ""), root)
        for path in unit.words("ExecPaths") if noexec else ():
            mount("--bind", root / path[1:], root / path[1:])
            mount("-o", "remount,bind,ro,exec", root / path[1:])
        mount("-t", "proc", "-o", "hidepid=invisible,nosuid,nodev,noexec", "proc", root / "proc")
        mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", root / "dev")
        for name in ("null", "zero", "full", "random", "urandom", "tty"):
            (root / "dev" / name).touch()
            mount("--bind", f"/dev/{name}", root / "dev" / name)
        mount("--bind", state, state)
        mount("-o", "remount,bind,rw" + (",noexec" if noexec else ""), state)
    if unit.yes("PrivateTmp"):
        mount("-t", "tmpfs", "-o", "mode=1777,nosuid,nodev", "tmpfs", root / "tmp")
    if unit.yes("ProtectHome"):
        for folder in ("home", "root"):
            mount("-t", "tmpfs", "-o", "mode=000,ro", "tmpfs", root / folder)


def limit(unit):
    for name, which in (("LimitCORE", resource.RLIMIT_CORE), ("LimitNOFILE", resource.RLIMIT_NOFILE)):
        if unit.one(name):
            resource.setrlimit(which, (int(unit.one(name)),) * 2)
    os.umask(int(unit.one("UMask", "0022"), 8))


def become(unit):
    """The unit's user, with the unit's capabilities and no others."""
    user, group = pwd.getpwnam(unit.one("User")), grp.getgrnam(unit.one("Group"))
    bounding = {CAPABILITIES[name] for name in unit.words("CapabilityBoundingSet")}
    last = int(pathlib.Path("/proc/sys/kernel/cap_last_cap").read_text())
    for capability in range(last + 1):
        if capability not in bounding:
            check(libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0), "bounding set")
    ambient = [CAPABILITIES[name] for name in unit.words("AmbientCapabilities")]
    check(libc.prctl(PR_SET_SECUREBITS, KEEP_CAPS, 0, 0, 0), "secure bits")
    os.setgroups([])
    os.setresgid(*[group.gr_gid] * 3)
    os.setresuid(*[user.pw_uid] * 3)
    mask = sum(1 << one for one in ambient)
    header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)
    check(libc.capset(header, data), "capset")
    for one in ambient:
        check(libc.prctl(PR_CAP_AMBIENT, 2, one, 0, 0), "ambient capability")
    os.environ.clear()
    os.environ.update(PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", LANG="C.UTF-8", HOME=user.pw_dir, USER=user.pw_name)


def close_doors(unit, calls, seccomp):
    check(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")
    if unit.yes("MemoryDenyWriteExecute"):
        libc.prctl(PR_SET_MDWE, 1, 0, 0, 0)  # a kernel before 6.3 has it not
    seccomp.seccomp_init.restype = ctypes.c_void_p
    filter = ctypes.c_void_p(seccomp.seccomp_init(REFUSE))
    for name in calls - {"socket"}:
        number = seccomp.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:
            check(seccomp.seccomp_rule_add(filter, ALLOW, number, 0), name)
    number = seccomp.seccomp_syscall_resolve_name(b"socket")
    for family in unit.words("RestrictAddressFamilies"):
        rule = Argument(0, EQUAL, getattr(socket, family), 0)
        check(seccomp.seccomp_rule_add_array(filter, ALLOW, number, 1, ctypes.byref(rule)), family)
    check(seccomp.seccomp_load(filter), "the filter")


def main():
    root, unit = pathlib.Path(sys.argv[1]).resolve(), Unit(sys.argv[2])
    calls, seccomp = unit.system_calls(), ctypes.CDLL("libseccomp.so.2", use_errno=True)
    "".encode("idna")  # what Python loads late it must have before the root changes
    stand_alone(unit, root, root / "var/lib" / unit.one("StateDirectory"))
    os.chroot(root)
    os.chdir("/")
    limit(unit)
    become(unit)
    close_doors(unit, calls, seccomp)
    os.execv(unit.command[0], unit.command)


if __name__ == "__main__":
    main()
