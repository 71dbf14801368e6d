"""Structured logs on stderr, one JSON object a line, without personal data: no path, no query, no form field."""

import json
import logging
import re
from datetime import UTC, datetime

# What callers add through `extra=`; anything else of a record stays out of the line.
_EXTRA = ("method", "route", "status", "ms", "job", "count", "gateway", "outcome", "phone", "length")
# A fault's message may quote the row or field it failed on: phones, waybills and codes, names and addresses.
_PERSONAL = re.compile(r"\d{5,}|[\u3400-\u9fff]+")


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update({name: getattr(record, name) for name in _EXTRA if hasattr(record, name)})
        if record.exc_info:
            line["fault"] = _PERSONAL.sub("…", self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def set_up(level: int = logging.INFO) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # uvicorn's own access log would hold paths and queries.
    logging.getLogger("uvicorn.access").disabled = True
