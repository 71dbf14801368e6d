"""Tables of what is exchanged with couriers."""

from couriers.models.consignments import (
    Bearer,
    Claim,
    ClaimPhoto,
    ClaimState,
    Consignment,
    ConsignmentState,
    DeliveryEvent,
    Handover,
    HandoverItem,
    Payer,
    PoolNumber,
    Tariff,
    Van,
)
from couriers.models.manifests import (
    CheckinStatus,
    LineKind,
    Manifest,
    ManifestLine,
    ManifestState,
    Scan,
    StationPattern,
)

__all__ = [
    "Bearer",
    "CheckinStatus",
    "Claim",
    "ClaimPhoto",
    "ClaimState",
    "Consignment",
    "ConsignmentState",
    "DeliveryEvent",
    "Handover",
    "HandoverItem",
    "LineKind",
    "Manifest",
    "ManifestLine",
    "ManifestState",
    "Payer",
    "PoolNumber",
    "Scan",
    "StationPattern",
    "Tariff",
    "Van",
]
