"""One line of the board as markup. Written here and not in a template because a board may have a
thousand of them: a template takes six times as long. Whatever people wrote is escaped."""

from collections.abc import Iterable

from markupsafe import escape

from server.pages.board.rows import PLANNED, Row


def lines(rows: Iterable[Row]) -> str:
    """The lines of these visits, in their order: safe markup."""
    return "\n".join(map(_line, rows))


def _line(row: Row) -> str:
    name, where, watch = str(escape(row.name)), escape(row.place), escape(row.watch)
    visit = str(row.id)
    you = " (you)" if row.yours else ""
    high = ' <strong class="mark-high">High risk</strong>' if row.high else ""
    begins = "From" if row.state == PLANNED else "Due"
    return (
        f'<li class="row row-{row.state}">'
        f'<span class="who"><a href="/out/{visit}" id="v{visit}">{name}</a>{you}</span> '
        f'<span class="state"><strong class="mark-{row.state}">{row.tag}</strong>{high}</span> '
        f'<span class="where">{where}</span> '
        f'<span class="due">{begins} {row.due}, {row.due_in}</span> '
        f'<span class="then">{_then(row)}</span> '
        f'<span class="watch">{watch}</span> '
        f'<span class="dial">{_dial(row, visit, name)}</span></li>'
    )


def _then(row: Row) -> str:
    if row.alarm_id is None:
        return row.then
    return f'<a href="/alarms/{row.alarm_id}" id="a{row.id}">{row.then}</a>'


def _dial(row: Row, visit: str, name: str) -> str:
    if row.hands_off:
        return "<strong>Do not ring</strong>"
    if row.yours or row.mobile is None:
        return ""
    hidden = f'<span class="nhsuk-u-visually-hidden"> {name}</span>'
    return f'<a href="tel:{escape(row.mobile)}" id="t{visit}">Ring{hidden}</a>'
