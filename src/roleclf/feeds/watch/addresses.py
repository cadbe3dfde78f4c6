"""Which addresses of a network may be asked: public ones, unless said otherwise."""

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

__all__ = ["addresses_of", "is_public"]

# The last 32 bits are the address that a translator of the network will ask.
_TRANSLATED: Final = IPv6Network("64:ff9b::/96")
# Not public either, though older Pythons think so: of protocols, of relays that are
# no more (RFC 7526), and for examples (RFC 9637).
_CLOSED: Final = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20")))


def addresses_of(host: str, port: int) -> list[str]:
    """Return every address of a host, the preferred first.

    Raises
    ------
    OSError
        If it has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: str) -> bool:
    """Tell whether an address belongs to the public internet.

    Not so are loopback, private, link-local, shared, reserved, multicast and
    documentation addresses, and those of IPv6 that hold one of these.

    Examples
    --------
    >>> [is_public(a) for a in ("93.184.216.34", "10.0.0.1", "::ffff:127.0.0.1")]
    [True, False, False]
    """
    ip = ip_address(address)
    held = list(_held(ip))
    if held and isinstance(ip, IPv6Address) and not ip.sixtofour and not ip.teredo:
        # Such an address is nothing but the one in it.
        return all(map(_is_open, held))
    return _is_open(ip) and all(map(_is_open, held))


def _held(ip: IPv4Address | IPv6Address) -> Iterator[IPv4Address]:
    """Yield the addresses of IPv4 that one of IPv6 stands for."""
    if isinstance(ip, IPv4Address):
        return
    if ip.ipv4_mapped:
        yield ip.ipv4_mapped
    if ip.sixtofour:
        yield ip.sixtofour
    if ip.teredo:
        yield from ip.teredo
    if ip in _TRANSLATED:
        yield IPv4Address(int(ip) & 0xFFFFFFFF)


def _is_open(ip: IPv4Address | IPv6Address) -> bool:
    closed = (
        ip.is_multicast,
        ip.is_private,
        ip.is_loopback,
        ip.is_link_local,
        ip.is_reserved,
        ip.is_unspecified,
        isinstance(ip, IPv6Address) and ip.is_site_local,
        any(ip in network for network in _CLOSED),
    )
    return ip.is_global and not any(closed)
