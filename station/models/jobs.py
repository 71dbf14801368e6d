"""When each job of the worker last ran, and which process holds it now."""

from tortoise import fields
from tortoise.models import Model


class JobRun(Model):
    name = fields.CharField(40, primary_key=True)
    owner = fields.CharField(40, default="")
    leased_until = fields.DatetimeField(null=True)
    ran_at = fields.DatetimeField(null=True)
    error = fields.CharField(200, default="")

    class Meta:
        table = "job_run"
