"""What the order desk calls sources, states and steps of orders: msgids."""

from station.errors import N_
from station.platforms.status import REASONS as STATUS_REASONS

TABS = {
    "all": N_("All"),
    "confirm": N_("to confirm"),
    "pack": N_("to pack"),
    "fetch": N_("kept for the buyer"),
    "van": N_("wait for the van"),
    "way": N_("on the way"),
    "trouble": N_("came back or lost"),
    "done": N_("finished"),
    "off": N_("called off"),
}
SOURCES = {
    "market": N_("village's page"),
    "phone": N_("telephone"),
    "chat": N_("group chat"),
    "douyin": N_("Douyin"),
    "taobao": N_("Taobao"),
    "youzan": N_("Youzan"),
    "pdd": N_("Pinduoduo"),
    "other": N_("another list"),
}
STATES = {
    "reserved": N_("to confirm"),
    "held": N_("held back"),
    "confirmed": N_("to pack"),
    "set_aside": N_("kept for the buyer"),
    "fetched": N_("fetched"),
    "packed": N_("packed"),
    "handed_over": N_("on the way"),
    "delivered": N_("arrived"),
    "returned": N_("came back"),
    "lost": N_("lost"),
    "cancelled": N_("called off"),
    "expired": N_("not confirmed in time"),
}
STEPS = (
    ("reserved", N_("order taken")),
    ("confirmed", N_("pack")),
    ("packed", N_("load")),
    ("handed_over", N_("on the way")),
    ("delivered", N_("arrived")),
)
# The way of an order whose buyer comes to the station.
FETCH_STEPS = (
    ("reserved", N_("order taken")),
    ("set_aside", N_("kept here")),
    ("fetched", N_("fetched")),
)
# Why an order is held back, and what to do about it.
REASONS = STATUS_REASONS | {
    "no_stock": N_("There was not enough in stock. Confirm it when more has come in."),
}
