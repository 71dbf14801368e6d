"""The outbox: messages written by acts, sent afterwards by the worker."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from station.models.places import Station


class MessageState(StrEnum):
    """accepted = the gateway took it, which is not yet delivered; needs_person = nobody will try again by itself;
    called = somebody rang instead."""

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    NEEDS_PERSON = "needs_person"
    CALLED = "called"
    WITHDRAWN = "withdrawn"


class MessageError(StrEnum):
    """Why a message did not leave. unclear = the program was stopped while handing it over."""

    BAD_NUMBER = "bad_number"
    BLOCKED = "blocked"
    NO_ANSWER = "no_answer"
    NOT_SENT = "not_sent"
    UNCLEAR = "unclear"

    @property
    def passing(self) -> bool:
        """Whether the same message may well get through later."""
        return self not in (MessageError.BAD_NUMBER, MessageError.BLOCKED)


class Message(Model):
    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    kind = fields.CharField(20)
    phone = fields.CharField(20)
    text = fields.CharField(500)
    state = fields.CharEnumField(MessageState, max_length=12, default=MessageState.QUEUED)
    attempts = fields.IntField(default=0)
    due_at = fields.DatetimeField()
    claimed_at = fields.DatetimeField(null=True)
    sent_at = fields.DatetimeField(null=True)
    gateway = fields.CharField(12, default="")
    gateway_ref = fields.CharField(80, default="")
    error = fields.CharField(40, default="")
    created_at = fields.DatetimeField()

    class Meta:
        table = "message"
