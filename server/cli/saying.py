"""How a command says no: one plain sentence on stderr and the exit code of contract 3."""

import os
import sys
from collections.abc import Callable
from typing import NoReturn

import click

from server.config import BadSetting

DONE, WANTING, REFUSED = 0, 1, 2
INTERRUPTED = 130


_about: list[str] = []


class Refused(click.ClickException):
    """Wrongly used, or not possible as things are; the sentence says what would be right."""

    exit_code = REFUSED


def about(database_url: str) -> None:
    """Name this database in what is refused from now on."""
    _about[:] = [database_url]


def refuse(sentence: str) -> NoReturn:
    """End the command with exit 2 and this sentence."""
    raise Refused(sentence)


def say(sentence: str) -> None:
    """Tell whoever started the command something that is not its result."""
    click.echo(f"wayhome: {sentence}", err=True)


def speak(work: Callable[[], object]) -> int:
    """Run a command and return its exit code, after saying in one sentence why it was refused.

    A fault of the program itself keeps its traceback: hiding it would help nobody.
    """
    try:
        found = work()
    except click.exceptions.NoArgsIsHelpError as wish:
        wish.show()
        return REFUSED
    except click.UsageError as fault:
        say(f"{_sentence(fault)} See: {_see(fault)}")
        return REFUSED
    except click.ClickException as fault:
        say(fault.format_message())
        return fault.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the result has seen enough; Python must not complain while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as fault:
        sentence = explain(fault)
        if sentence is None:
            raise
        say(sentence)
        return REFUSED
    return found if isinstance(found, int) else DONE


def explain(fault: Exception) -> str | None:
    """What a setting's or the database's fault means for a person; None for any other fault."""
    if isinstance(fault, BadSetting):
        return str(fault)
    if "sqlalchemy" not in sys.modules:
        return None
    from server.store.trouble import PLACE, place_of, trouble

    return trouble(fault, place_of(_about[0]) if _about else PLACE)


def _sentence(fault: click.UsageError) -> str:
    message = fault.format_message().replace("\n", " ")
    return message if message.endswith((".", "?")) else f"{message}."


def _see(fault: click.UsageError) -> str:
    return f"{fault.ctx.command_path if fault.ctx else 'wayhome'} --help"


def leave(code: object) -> NoReturn:
    """End this process now. A sender still waiting for a gateway must not keep it, and need not:
    its lease runs out and somebody else asks what became of the message."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 0)
