"""Who may use a route. Every route names one of these; a test walks them all as a stranger and as each role."""

from station.actor import Role

ANYONE: frozenset[Role] | None = None
STAFF = frozenset({Role.VOLUNTEER, Role.KEEPER})
KEEPER = frozenset({Role.KEEPER})
# The desk's pages without its acts: the county officer reads everything.
READERS = STAFF | {Role.COUNTY}
# Manifests are sent by couriers and by the staff for them.
COURIERS = STAFF | {Role.COURIER}
SIGNED_IN = frozenset({Role.VOLUNTEER, Role.KEEPER, Role.COURIER, Role.COUNTY})
