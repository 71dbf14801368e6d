"""Orders that a platform ships with its own waybill: it hides the receiver from us, so they become no parcel of ours.

Nobody tells us of such a parcel's way. So it is sold and booked when it is sent, and a person says what became of it.
"""

import re

from station import audit, carriers, orders, sales
from station.actor import Actor
from station.db import act, sql
from station.errors import N_, Refusal, tell
from station.models import OrderState
from station.order_book import ELSEWHERE, held
from station.texts import plain

# The reason of such an order, from then on.
OWN_LABEL = "own_label"
_WAYBILL = re.compile(r"[0-9A-Z-]{8,30}")

tell(
    {
        "no_own_label": (
            422,
            N_("Choose the company and write down the number on the platform's label: 8 to 30 letters and digits."),
        ),
    }
)  # fmt: skip


@act
async def send(order_id: int, carrier: str, waybill: str, *, by: Actor) -> None:
    """A held order has left with the platform's label: its goods are taken from the stock, its sale is booked. Harmless
    again.

    Raises Refusal: `not_found`, `no_own_label`, `order_moved_on`, `sold_out`.
    """
    number = plain(waybill).replace(" ", "").upper()
    if not _WAYBILL.fullmatch(number) or carrier not in carriers.CODES:
        raise Refusal("no_own_label")
    order = await held(order_id, by)
    if (order["reason"], order["waybill"]) == (OWN_LABEL, number):
        return
    if order["state"] != OrderState.HELD or order["source"] not in ELSEWHERE:
        raise Refusal("order_moved_on", number=order["number"])
    await orders.move(order_id, OrderState.HANDED_OVER, carrier=carrier, waybill=number, by=by)
    await sql.execute(
        "UPDATE orders SET reason = ? WHERE station_id = ? AND id = ?", OWN_LABEL, by.station_id, order_id
    )
    await sales.book(order_id, carrier=carrier, by=by)
    await audit.write(
        by, "own_label_sent", subject="order", subject_id=order_id, carrier=carrier, waybill=number
    )


@act
async def arrived(order_id: int, *, by: Actor) -> None:
    """The buyer has it. Raises Refusal `not_found`, `order_moved_on`."""
    await _ours(order_id, by)
    await orders.move(order_id, OrderState.DELIVERED, by=by)


@act
async def came_back(order_id: int, *, by: Actor) -> None:
    """The buyer did not take it: what was booked of it is taken back. Raises Refusal `not_found`, `order_moved_on`."""
    await _ours(order_id, by)
    await orders.move(order_id, OrderState.RETURNED, by=by)
    await sales.unbook(order_id, "returned", by=by)


async def _ours(order_id: int, by: Actor) -> None:
    """Of all others their courier tells what became of them."""
    order = await held(order_id, by)
    if order["reason"] != OWN_LABEL:
        raise Refusal("order_moved_on", number=order["number"])
