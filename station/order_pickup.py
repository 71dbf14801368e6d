"""Orders fetched at the station: kept for their buyer, handed out, and what was not fetched after all."""

from station import orders, sales
from station.actor import Actor
from station.db import act
from station.models import OrderState
from station.order_book import held, held_in


@act
async def set_aside(order_id: int, *, by: Actor) -> None:
    """The buyer fetches it at the station: its goods are kept, and no parcel is made of it. Harmless if fetched already.

    Raises Refusal: `not_found`, `order_moved_on`, `sold_out`.
    """
    if (await held(order_id, by))["state"] != OrderState.FETCHED:
        await orders.move(order_id, OrderState.SET_ASIDE, by=by)


@act
async def send_after_all(order_id: int, *, by: Actor) -> None:
    """What was to be fetched goes by parcel. Raises Refusal `not_found`, `order_moved_on`."""
    await held_in((OrderState.SET_ASIDE, OrderState.CONFIRMED), order_id, by)
    await orders.move(order_id, OrderState.CONFIRMED, by=by)


@act
async def hand_out(order_id: int, *, by: Actor) -> None:
    """The buyer has fetched it: it is sold and booked, once. Raises Refusal `not_found`, `order_moved_on`."""
    await orders.move(order_id, OrderState.FETCHED, by=by)
    await sales.book(order_id, by=by)


@act
async def take_back(order_id: int, *, by: Actor) -> None:
    """It was not fetched after all: it waits again, and its money is taken back. Raises Refusal `not_found`,
    `order_moved_on`."""
    await held_in((OrderState.FETCHED, OrderState.SET_ASIDE), order_id, by)
    await orders.move(order_id, OrderState.SET_ASIDE, by=by)
    await sales.unbook(order_id, "not_fetched", by=by)
