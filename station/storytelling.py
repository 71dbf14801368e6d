"""The audit's lines in sentences: what happened to a parcel or an order, as one would tell it."""

from typing import Any

from station import carriers
from station.errors import N_
from station.i18n import gettext as _
from station.money import format_fen

_REASONS = {
    "same_household": N_("Checked in. It stands in {slot}, with its household's other parcels."),
    "cold": N_("Checked in. It stands in {slot}, in the cold."),
    "heavy_low": N_("Checked in. It is heavy and stands low, in {slot}."),
    "hand_height": N_("Checked in. It stands at hand height, in {slot}."),
    "shelves_full": N_("Checked in. The shelves were full, so it stands in {slot}."),
}
_SENTENCES = {
    "checked_in": N_("Checked in. It stands in {slot}."),
    "scanned_again": N_("Scanned again; it was already here."),
    "checkin_undone": N_("The check-in was taken back."),
    "parcel_moved": N_("Moved from {from} to {to}."),
    "phone_shown": N_("The whole phone number was looked at."),
    "sticker_printed": N_("Its sticker was printed."),
    "message_accepted": N_("The message was handed to the SMS channel."),
    "message_delivered": N_("The message has gone out."),
    "message_queued": N_("The message could not leave yet and is tried again."),
    "message_needs_person": N_("The message could not be sent. Please ring."),
    "message_sent_again": N_("The message was sent once more."),
    "message_called": N_("They were rung instead."),
    "announced_late": N_("A courier's list that came later names it."),
    "order_placed": N_("Ordered."),
    "order_freight_told": N_("The shipping was set."),
    "order_paid": N_("A payment was recorded."),
    "order_booked": N_("The sale was booked."),
    "order_unbooked": N_("The booking was taken back."),
    "order_refunded": N_("Money was given back to the buyer."),
    "order_compensated": N_("The household was paid ¥{amount} for it."),
    "order_held": N_("The platform says something else about it now."),
    "order_packed": N_("It was packed and weighed."),
    "order_line_matched": N_("It was settled what an item is here."),
    "order_lines_dropped": N_("Part of it is not wanted any more and was taken off."),
    "own_label_sent": N_("It was sent by the platform's own label."),
    "sale_assigned": N_("It was settled whose goods these were."),
    "freight_charged": N_("What the courier company charges was written down: ¥{amount}."),
    "fee_difference_taken": N_("What the platform paid out differently was booked."),
    "money_posted": N_("Money was booked for it."),
    "money_reversed": N_("A booking was taken back."),
    "consignment_booked": N_("Called in, to be fetched at the door."),
    "consignment_cancelled": N_("Called back: {reason}"),
    "put_on_van": N_("Put onto the van."),
    "taken_off_van": N_("Taken off the van again."),
    "handed_over": N_("The driver signed for it; it has left."),
    "handover_undone": N_("The handover was taken back; it is here again."),
    "claim_opened": N_("A claim was opened."),
    "claim_photo_added": N_("A picture was added to the claim."),
    "claim_decided": N_("The claim was decided."),
    "claim_paid": N_("The claim was paid."),
    "claim_refused": N_("The claim was refused."),
}
_ANSWERED = {
    "carrier": N_("The courier company was chosen."),
    "recipient": N_("It was settled whose parcel it is."),
}
_COLLECTED = {
    "self": N_("Handed out to the person."),
    "proxy": N_("Handed out to somebody who came for the person."),
}

_NEWS = {
    "in_transit": N_("on its way"),
    "handed_over": N_("on its way"),
    "delivered": N_("delivered"),
    "returned": N_("came back"),
    "lost": N_("lost"),
}


def sentence(what: str, facts: dict[str, Any]) -> str:
    """The line of the act `what` in the reader's language."""
    if what == "collected":
        handed_out = _COLLECTED[facts["collector"]]
        return " ".join(filter(None, [_(handed_out), _money(facts)]))
    if what == "collection_undone":
        why = facts["reason"]
        return _("Taken back onto the shelf ({reason}).").format(reason=_(why))
    if what == "questions_answered":
        return " ".join(_(_ANSWERED[answered]) for answered in facts["answered"])
    if what == "consignment_accepted":
        return _taken_in(facts)
    if what == "delivery_noted":
        news = _NEWS[facts["state"]]
        return _("The company says: {state}.").format(state=_(news))
    known = _SENTENCES.get(what)
    if what == "checked_in":
        known = _REASONS.get(facts.get("reason", ""), known)
    if known is None:
        return _("Something else was recorded: {act}.").format(act=what)
    fen = facts.get("freight_fen", facts.get("fen", 0))
    return _(known).format(**{"reason": "", **facts, "amount": format_fen(fen)})


def _taken_in(facts: dict[str, Any]) -> str:
    carrier = carriers.short(facts["carrier"])
    if not facts["freight_fen"]:
        return _("Taken in for {carrier}; the ID and the contents were looked at.").format(carrier=carrier)
    told = _("Taken in for {carrier}, freight ¥{fen}; the ID and the contents were looked at.")
    return told.format(carrier=carrier, fen=format_fen(facts["freight_fen"]))


def _money(facts: dict[str, Any]) -> str:
    if not facts["money_fen"]:
        return ""
    if facts["parcels"] == 1:
        return _("¥{amount} was taken.").format(amount=format_fen(facts["money_fen"]))
    return _("¥{amount} was taken for {count} parcels together.").format(
        amount=format_fen(facts["money_fen"]), count=facts["parcels"]
    )
