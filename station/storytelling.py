"""The audit's lines in sentences: what happened to a parcel, as one would tell it."""

from typing import Any

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
}
_ANSWERED = {
    "carrier": N_("The courier company was chosen."),
    "recipient": N_("It was settled whose parcel it is."),
}
_COLLECTED = {
    "self": N_("Handed out to the person."),
    "proxy": N_("Handed out to somebody who came for the person."),
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
    known = _REASONS.get(facts.get("reason", "")) or _SENTENCES.get(what)
    return _(known).format(**facts) if known else _("Something else was recorded: {act}.").format(act=what)


def _money(facts: dict[str, Any]) -> str:
    if not facts["money_fen"]:
        return ""
    if facts["parcels"] == 1:
        return _("¥{amount} was taken.").format(amount=format_fen(facts["money_fen"]))
    return _("¥{amount} was taken for {count} parcels together.").format(
        amount=format_fen(facts["money_fen"]), count=facts["parcels"]
    )
