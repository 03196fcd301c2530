"""What comes over the wire that no app would send; the house goes on (what a field may hold is in
tests/api)."""

import socket
from collections.abc import Iterator

import pytest

from tests.support.house import House
from tests.support.houses import on_both
from tests.support.phone_app import ok

MIB = 1024 * 1024


def headers_of(house: House, ref: str) -> dict[str, str]:
    """What this person's phone sends with every request."""
    return {"Authorization": f"Bearer {house[ref].app.token}", "Content-Type": "application/json"}


def still_watches(house: House) -> None:
    """A start, a look and a close are answered as ever."""
    amy = house["amy"]
    visit = ok(amy.app.start("12 High St", minutes=10), 201)
    assert ok(amy.app.close(visit))["status"] == "closed"


@pytest.mark.parametrize("size", [MIB, 7 * MIB], ids=["1 MiB", "7 MiB"])
def test_a_body_that_is_too_large(house: House, size: int) -> None:
    """Contract 5: read, dropped and refused with 413 in one sentence."""
    body = b'{"place": "' + b"x" * size + b'"}'
    answer = house["amy"].app.ask("POST", "/visits", data=body, headers=headers_of(house, "amy"))
    assert answer.status_code == 413
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert answer.json()["detail"]
    still_watches(house)


def test_a_body_in_chunks_whose_length_nobody_said(house: House) -> None:
    """Contract 5: chunks are read like anything else, or refused; never half done."""

    def chunks() -> Iterator[bytes]:
        for _ in range(30):
            yield b" " * 10_000

    answer = house["amy"].app.ask(
        "POST", "/visits", data=chunks(), headers=headers_of(house, "amy")
    )
    assert answer.status_code in (400, 411, 413)
    assert ok(house["amy"].app.get("/visits"))["items"] == []
    still_watches(house)


@on_both
def test_notes_in_every_script_and_none_at_all(house: House) -> None:
    """Bad input: NUL is refused by field on both databases, everything else comes back as sent."""
    amy = house["amy"]
    nul = amy.app.start("12 High St", minutes=10, note="half\x00done")
    assert nul.status_code == 422
    assert "note" in nul.json()["errors"]
    place = "Tŷ Ffynnon 🏡 مرحبا 12 High St"
    visit = ok(amy.app.start(place, minutes=10, note="🐕 loose; ring twice"), 201)
    assert amy.app.visit(visit)["place"] == place
    house.forward(minutes=12)
    amy.phone.reads_all()
    (text,) = house.only_told("ben", "Amy Okafor is overdue")
    assert len(text) <= 160
    ok(amy.app.close(visit, pin=amy.pin))
    house.settle()
    house.only_told("ben", "All clear")


def half_a_request(house: House, path: str) -> socket.socket:
    """A client that says it will send a body, sends a byte of it, and then nothing more."""
    connection = socket.create_connection(("127.0.0.1", house.ports[0]), timeout=20)
    connection.sendall(
        f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        "Content-Length: 100\r\n\r\n{".encode()
    )
    return connection


def test_a_client_that_hangs_up_before_the_answer(house: House) -> None:
    """P6: whether it was done or not, the same request again has one effect."""
    amy = house["amy"]
    body = {"id": amy.app.new_id(), "place": "12 High St", "minutes": 10}
    for _ in range(5):
        half_a_request(house, "/api/v1/visits").close()
    first = amy.app.ask("POST", "/visits", body)
    again = amy.app.ask("POST", "/visits", body)
    assert ok(first, 201) == ok(again, 201)
    ok(amy.app.close(first.json()))
