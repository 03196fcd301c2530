"""The real app on a screen that nobody sees, against a small server or a whole Wayhome."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mobile.core.clock import PhoneClock
from mobile.core.phone import Phone
from mobile.platform.fake import FakeDevice
from tests.mobile.house import Served
from tests.mobile.ui.screen import put_up
from tests.mobile.ui.tunnel import Tunnel
from tests.support.houses import NewHouse, new_house, world

if TYPE_CHECKING:
    from tests.mobile.ui.face import Face

__all__ = ["new_house", "world"]

NewFace = Callable[..., "Face"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One process has one screen: what is driven on it stays in one worker, where workers are told
    to keep groups together, and is safe where they are not."""
    for item in items:
        if item.nodeid.startswith("tests/mobile/ui/"):
            item.add_marker(pytest.mark.xdist_group("screen"))


@pytest.fixture
def new_face(tmp_path: Path) -> Iterator[NewFace]:
    """new_face(url, clock, **more): the app, opened in a folder of its own, or `folder`."""
    put_up()
    from mobile.ui.app import WayhomeApp
    from tests.mobile.ui.face import Face
    from tests.mobile.ui.pilot import unpainted

    faces: list[Face] = []

    def make(
        url: str, clock: PhoneClock, *, device: FakeDevice | None = None, folder: Path | None = None
    ) -> Face:
        at = folder or tmp_path / f"phone-{len(faces)}"
        at.mkdir(exist_ok=True)
        found = device or FakeDevice()

        def opened(run_soon: Any) -> Phone:
            return Phone(at, found.ports, clock=clock, run_soon=run_soon)

        faces.append(Face(WayhomeApp(opened, url), found, at))
        return faces[-1]

    with unpainted():
        yield make
        for face in faces:
            face.end()


def sign_up(folder: Path, url: str, clock: PhoneClock) -> Path:
    """What a phone keeps once it is Amy's, with the small server."""
    folder.mkdir()
    phone = Phone(folder, FakeDevice().ports, clock=clock)
    assert phone.account.enrol(url, "ABCD", "Phone").done
    phone.close()
    return folder


@pytest.fixture
def face(new_face: NewFace, hands: Any, served: Served, tmp_path: Path) -> "Face":
    """Amy's phone, signed up with the small server, on a clock turned by hand."""
    folder = sign_up(tmp_path / "amys", served.url, hands.clock())
    found = new_face(served.url, hands.clock(), folder=folder)
    found.sees("A visit started now is watched")
    return found


@pytest.fixture
def tunnel_to() -> Iterator[Callable[[str], Tunnel]]:
    """tunnel_to(url): a way there that can be cut."""
    made: list[Tunnel] = []

    def dig(url: str) -> Tunnel:
        made.append(Tunnel(url))
        return made[-1]

    yield dig
    for each in made:
        each.close()


@pytest.fixture
def home(new_house: NewHouse) -> Any:
    """A whole Wayhome of the usual people: real processes, real HTTP, and a gateway outside."""
    return new_house().open()
