"""What the order desk calls sources, states and steps of orders: msgids."""

from station.errors import N_

TABS = {
    "all": N_("All"),
    "confirm": N_("to confirm"),
    "pack": N_("to pack"),
    "van": N_("wait for the van"),
    "way": N_("on the way"),
    "trouble": N_("came back or lost"),
    "done": N_("arrived"),
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
