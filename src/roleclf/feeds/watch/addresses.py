"""Resolve host names, and tell public IP addresses from private ones."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from ipaddress import (
    IPv4Address,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final

__all__ = ["is_public", "resolve"]

# NAT64 (RFC 6052): the last 32 bits are the IPv4 address that is contacted.
_NAT64: Final = IPv6Network("64:ff9b::/96")
# Ranges that `is_global` of older Pythons accepts: protocol assignments (RFC 6890),
# 6to4 relays (deprecated by RFC 7526) and documentation (RFC 9637).
_NOT_PUBLIC: Final = tuple(
    map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20"))
)


def resolve(host: str, port: int) -> list[str]:
    """Return every IP address of a host, the system's preferred one first.

    Raises
    ------
    OSError
        If the name cannot be resolved.
    """
    infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in infos))


def is_public(address: str) -> bool:
    """Tell whether an IP address belongs to the public internet.

    Loopback, private, link-local, shared, reserved, multicast and documentation
    addresses do not, nor do IPv6 addresses that embed one of these.

    Examples
    --------
    >>> [is_public(a) for a in ("93.184.216.34", "10.0.0.1", "::ffff:127.0.0.1")]
    [True, False, False]
    """
    ip = ip_address(address)
    embedded = list(_embedded(ip))
    if embedded and isinstance(ip, IPv6Address) and not ip.sixtofour and not ip.teredo:
        # Mapped and NAT64 addresses only stand for the embedded one.
        return all(map(_is_public, embedded))
    return _is_public(ip) and all(map(_is_public, embedded))


def _embedded(ip: IPv4Address | IPv6Address) -> Iterator[IPv4Address]:
    """Yield the IPv4 addresses that an IPv6 address embeds."""
    if isinstance(ip, IPv4Address):
        return
    if ip.ipv4_mapped:
        yield ip.ipv4_mapped
    if ip.sixtofour:
        yield ip.sixtofour
    if ip.teredo:
        yield from ip.teredo
    if ip in _NAT64:
        yield IPv4Address(int(ip) & 0xFFFFFFFF)


def _is_public(ip: IPv4Address | IPv6Address) -> bool:
    # `is_global` lets multicast, reserved and site-local addresses pass.
    is_local = isinstance(ip, IPv6Address) and ip.is_site_local
    is_special = ip.is_multicast or ip.is_reserved or is_local
    return ip.is_global and not is_special and not any(ip in n for n in _NOT_PUBLIC)
