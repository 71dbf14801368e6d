"""Addresses as people write them: a pasted line in its parts, with its doubts."""

from station.addresses.pasted import DOUBTS, LONGEST, Address, parse, split_region
from station.addresses.traditional import simplified

__all__ = ["DOUBTS", "LONGEST", "Address", "parse", "simplified", "split_region"]
