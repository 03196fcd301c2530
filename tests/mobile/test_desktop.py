"""A desktop as a phone: what it seals stays sealed, and what it lacks it says it lacks."""

from pathlib import Path

from mobile.platform.desktop import KEY_FILE, FileSecrets, desktop_ports
from mobile.ports import Signal

PLAIN = b'{"pin": "4821"} and more than one block of thirty-two bytes'


def test_what_is_sealed_is_hidden_and_opens_again(tmp_path: Path) -> None:
    secrets = FileSecrets(tmp_path)
    sealed = secrets.seal(PLAIN)
    assert b"4821" not in sealed
    assert secrets.seal(PLAIN) != sealed
    assert FileSecrets(tmp_path).unseal(sealed) == PLAIN
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o077 == 0


def test_what_was_changed_or_sealed_elsewhere_does_not_open(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    sealed = FileSecrets(tmp_path).seal(PLAIN)
    assert FileSecrets(tmp_path / "other").unseal(sealed) is None
    assert FileSecrets(tmp_path).unseal(sealed[:-1] + b"x") is None
    assert FileSecrets(tmp_path).unseal(b"") is None


def test_a_desktop_says_what_it_lacks(tmp_path: Path) -> None:
    ports = desktop_ports(tmp_path)
    assert not ports.location.allowed()
    assert not ports.notifier.allowed()
    assert not ports.alarms.exact()
    assert ports.net.signal() is Signal.UNKNOWN
    assert (ports.siren, ports.scanner, ports.power) == (None, None, None)
