"""Steering a gateway that runs as its own process: JSON over a port beside the API's."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from urllib3.exceptions import HTTPError

from tests.support.gateway import callbacks, faults
from tests.support.gateway.dialect import Reply, Request, json_reply
from tests.support.gateway.world import Gateway

SETTINGS = ("webhook_url", "deliver_to", "latency_s", "list_lag_s", "list_by_day")
PHONE_ACTS = ("rejects", "refused", "opted_out", "switched_off", "recovers")

Act = Callable[[Mapping[str, Any]], object]


class Control:
    """What `python -m tests.support.gateway` can be asked and told.

    GET  /messages?since=N    what was accepted from number N on: {"messages", "next"}
    GET  /summary             how much was accepted, asked and missed so far
    GET  /phones/NUMBER       {"inbox", "unread", "missed"}
    POST /phones/NUMBER/ACT   `texts` {body, sid?, signed?}, or an act of PHONE_ACTS
    POST /fault, /list-fault  {name, ...} as in faults.BY_NAME; null clears
    POST /settings            any of SETTINGS, and callbacks: a mode's name or seconds late
    POST /down, /up, /forget, /release-callbacks
    """

    def __init__(self, world: Gateway) -> None:
        self._world = world
        self._acts: dict[str, Act] = {
            "/down": lambda _: world.down(),
            "/up": lambda _: world.up(),
            "/forget": lambda _: world.forget(),
            "/release-callbacks": lambda _: world.release_callbacks(),
            "/settings": self._set,
            "/fault": self._set_fault,
            "/list-fault": self._set_list_fault,
        }

    def answer(self, request: Request) -> Reply:
        """Do what is asked; 400 with the reason where it cannot be done, 404 where unknown."""
        try:
            wishes = json.loads(request.body or b"null") or {}
            return json_reply(200, self._do(request, wishes))
        except LookupError as error:
            return json_reply(404, {"error": f"unknown: {error}"})
        except (AssertionError, OSError, TypeError, ValueError, HTTPError) as error:
            return json_reply(400, {"error": str(error)})

    def _do(self, request: Request, wishes: Mapping[str, Any]) -> object:
        _, place, *rest = request.path.split("/")
        if request.method == "POST" and place == "phones":
            return self._phone_act(*rest, wishes=wishes)
        if request.method == "POST":
            return self._acts[request.path](wishes)
        if place == "phones":
            return self._show_phone(*rest)
        return {"messages": self._messages, "summary": self._summary}[place](request)

    def _messages(self, request: Request) -> object:
        since = int(request.query.get("since", 0))
        found = self._world.messages[since:]
        return {
            "messages": [message.describe() for message in found],
            "next": since + len(found),
        }

    def _summary(self, _: Request) -> object:
        world = self._world
        return {
            "accepted": len(world.messages),
            "requests": len(world.requests),
            "faults_met": world.faults_met,
            "failed_callbacks": world.failed_callbacks,
            "errors": world.errors,
        }

    def _show_phone(self, number: str) -> object:
        phone = self._world.phone(number)
        return {"inbox": phone.inbox, "unread": phone.unread, "missed": phone.missed}

    def _phone_act(self, number: str, act: str, *, wishes: Mapping[str, Any]) -> object:
        phone = self._world.phone(number)
        if act == "texts":
            answer = phone.texts(**wishes)
            return {"status": answer.status, "texts": answer.texts, "sid": answer.sid}
        if act not in PHONE_ACTS:
            raise LookupError(act)
        return getattr(phone, act)(**wishes)

    def _set(self, wishes: Mapping[str, Any]) -> None:
        for name, value in wishes.items():
            if name == "callbacks":
                self._world.callbacks = mode_named(str(value))
            elif name in SETTINGS:
                setattr(self._world, name, value)
            else:
                raise LookupError(name)

    def _set_fault(self, wishes: Mapping[str, Any]) -> None:
        self._world.fault = fault_named(wishes)

    def _set_list_fault(self, wishes: Mapping[str, Any]) -> None:
        self._world.list_fault = fault_named(wishes)


def fault_named(wishes: Mapping[str, Any]) -> faults.Fault | None:
    """The fault `{"name": ..., **arguments}` describes; None for nothing."""
    if not wishes:
        return None
    arguments = dict(wishes)
    return faults.BY_NAME[arguments.pop("name")](**arguments)


def mode_named(text: str) -> callbacks.Mode:
    """A callback mode by its name, or late by so many seconds."""
    return callbacks.MODES.get(text) or callbacks.late(float(text))
