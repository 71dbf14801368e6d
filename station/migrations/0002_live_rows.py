"""What keeps live rows unique, and finds them however long history grows.

The partial indexes name the state as a column too, though it is the same in all their rows: without statistics SQLite
otherwise takes an index of the whole history whose first column fits as well.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

STATEMENTS = (
    "CREATE UNIQUE INDEX parcel_live ON parcel (station_id, state, waybill, piece_no, carrier) WHERE state = 'waiting'",
    "CREATE UNIQUE INDEX parcel_live_code ON parcel (station_id, state, code) WHERE state = 'waiting'",
    "CREATE INDEX parcel_waiting_recipient ON parcel (station_id, state, recipient_id) WHERE state = 'waiting'",
    "CREATE INDEX parcel_waiting_slot ON parcel (station_id, state, slot_id) WHERE state = 'waiting'",
    "CREATE INDEX parcel_waiting_since ON parcel (station_id, state, arrived_at) WHERE state = 'waiting'",
    "CREATE INDEX parcel_waiting_needs ON parcel (station_id, state, arrived_at)"
    " WHERE state = 'waiting' AND (needs_carrier OR needs_recipient)",
    "CREATE INDEX parcel_waybill ON parcel (station_id, waybill)",
    "CREATE INDEX parcel_arrived ON parcel (station_id, arrived_at)",
    "CREATE INDEX message_queued ON message (state, due_at) WHERE state = 'queued'",
    "CREATE INDEX message_queued_phone ON message (station_id, state, phone) WHERE state = 'queued'",
    "CREATE INDEX message_sending ON message (state, claimed_at) WHERE state = 'sending'",
    "CREATE INDEX message_accepted ON message (state, gateway, sent_at) WHERE state = 'accepted'",
    "CREATE INDEX message_needs_person ON message (station_id, state) WHERE state = 'needs_person'",
    "CREATE INDEX message_newest ON message (station_id, id)",
    "CREATE INDEX session_account ON session (station_id, account_id)",
    "CREATE INDEX token_account ON token (station_id, account_id)",
    "CREATE INDEX audit_line_newest ON audit_line (station_id, id)",
)


class Migration(migrations.Migration):
    dependencies = [("station", "0001_initial")]
    operations = [ops.RunSQL(statement) for statement in STATEMENTS]
