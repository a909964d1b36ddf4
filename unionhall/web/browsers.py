"""What is known of a visitor's browser: where it comes from, and what it says it is."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

_BROWSERS = (
    (re.compile(r"MicroMessenger/"), "WeChat"),
    (re.compile(r"Edg[A-Z]*/"), "Edge"),
    (re.compile(r"HuaweiBrowser/"), "Huawei"),
    (re.compile(r"Firefox/"), "Firefox"),
    (re.compile(r"Chrome/|CriOS/"), "Chrome"),
    (re.compile(r"Safari/"), "Safari"),
)
_SYSTEMS = (
    (re.compile(r"HarmonyOS|OpenHarmony"), "HarmonyOS"),
    (re.compile(r"Android"), "Android"),
    (re.compile(r"iPhone"), "iPhone"),
    (re.compile(r"iPad"), "iPad"),
    (re.compile(r"Windows"), "Windows"),
    (re.compile(r"Mac OS X"), "macOS"),
    (re.compile(r"Linux"), "Linux"),
)


def address_of(request: HttpRequest) -> str:
    """Where the request comes from: the last address in X-Forwarded-For that is none of our proxies', if one of them says so.

    An IPv6 address counts by its /64: whoever has one has all of it. Empty when nothing readable is said.
    """
    addresses = [request.META.get("REMOTE_ADDR", "")]
    if addresses[0] in settings.PROXIES:
        told = request.headers.get("X-Forwarded-For", "")
        addresses = [one.strip() for one in told.split(",") if one.strip()] or addresses
    outside = next((one for one in reversed(addresses) if one not in settings.PROXIES), addresses[0])
    read = _read(outside)
    if isinstance(read, IPv6Address):
        return str(ip_network((read, 64), strict=False))
    return str(read) if read is not None else ""


def masked(address: str) -> str:
    """203.0.113.*, 2001:db8:0:1::/64 as 2001:db8:*: near enough to know one's own, not enough to find anybody."""
    if ":" in address:
        return ":".join(address.split(":")[:2]) + ":*"
    return ".".join([*address.split(".")[:3], "*"]) if address else ""


def device(request: HttpRequest) -> str:
    """ "Chrome · Windows", of what the browser says of itself; empty when it says nothing known."""
    agent = request.headers.get("User-Agent", "")
    found = (next((name for pattern, name in kinds if pattern.search(agent)), "") for kinds in (_BROWSERS, _SYSTEMS))
    return " · ".join(name for name in found if name)


def _read(text: str) -> IPv4Address | IPv6Address | None:
    try:
        read = ip_address(text.strip("[]"))
    except ValueError:
        return None
    return read.ipv4_mapped or read if isinstance(read, IPv6Address) else read
