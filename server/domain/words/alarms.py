"""Texts to the people around a worker: who, where, since when, last heard when, and what to do."""

from dataclasses import dataclass

from server.domain.words.fit import fit
from shared.states import AlarmKind, AlarmOutcome

HANDS_OFF = "DO NOT RING OR TEXT HER. "
NOTHING_MORE = "Nothing more to do."
GOES_ON = "ANOTHER IS STILL OPEN"
YOU = "you"
MOST_LETTERS = 2


@dataclass(frozen=True)
class Facts:
    """What an alarm's texts may say, already in the team's words: times are wall-clock times."""

    kind: AlarmKind
    worker: str
    number: str | None
    place: str | None
    due: str
    since: str
    heard: str
    letter: str | None = None
    under_duress: bool = False
    unverified: bool = False
    said: str = ""
    lead: str = ""
    """What has to be said before anything else, with its space."""

    @property
    def hands_off(self) -> bool:
        """Whether ringing her could harm her."""
        return self.under_duress or self.kind is AlarmKind.DURESS


def alarm(facts: Facts) -> str:
    """The text that asks somebody to act, in one segment; the place gives way to the rest."""
    words = f"{facts.lead}{_start(facts)} {_act(facts)} {reply_to_own(facts.letter)}."
    return fit(words, place=facts.place or "", said=facts.said, worker=facts.worker)


def reply_to_own(letter: str | None) -> str:
    """How to take charge by text."""
    return f"Reply 1{' ' + letter if letter else ''} to take charge"


def _start(facts: Facts) -> str:
    if facts.hands_off:
        return f"{HANDS_OFF}{{worker}} may be under threat{{place}}, since {facts.since}."
    if facts.kind is AlarmKind.SOS:
        doubt = " (phone not verified)" if facts.unverified else ""
        before = f", last heard {facts.heard}" if facts.heard != facts.since else ""
        return f"SOS from {{worker}}{doubt}{{place}}, {facts.since}{before}{{said}}."
    if facts.kind is AlarmKind.NOT_STARTED:
        return f"{{worker}} has not begun her {facts.due} visit{{place}}."
    return f"{{worker}} is overdue{{place}}: due {facts.due}, last heard {facts.heard}."


def _act(facts: Facts) -> str:
    """What to do next, before anything else."""
    if facts.hands_off:
        return "Ring 999 now and say so."
    if facts.number is None:
        return "Find her. No luck: 999."
    return f"Ring her on {facts.number}. No answer: 999."


@dataclass(frozen=True)
class Going:
    """What goes on about a worker of whom one alarm is over: the letters of what nobody has charge
    of, who has charge of the rest (`YOU`: the receiver; '': nobody), whether to keep hands off."""

    letters: tuple[str, ...]
    owner: str
    hands_off: bool

    @property
    def what_next(self) -> str:
        """How to take charge of it, or who has; `{owner}` stands for the name."""
        if self.letters:
            codes = " or ".join(f"1 {letter}" for letter in self.letters[:MOST_LETTERS])
            return f"Reply {codes} to take charge."
        return "You have charge of it." if self.owner == YOU else "{owner} has charge of it."


def owned(worker: str, owner: str, at: str, which: str = "", *, under_duress: bool = False) -> str:
    """To everyone told: somebody has taken charge; of `which`, where several of hers are open."""
    start = HANDS_OFF if under_duress else ""
    words = (
        f"{start}{{owner}} has taken charge of {{worker}}'s alarm{which} ({at})."
        " Please keep your phone on."
    )
    return fit(words, owner=owner, worker=worker)


def released(
    worker: str,
    owner: str,
    at: str,
    which: str = "",
    letter: str | None = None,
    *,
    under_duress: bool = False,
) -> str:
    """To everyone told: nobody has charge any more; the ladder goes on. `owner`: `YOU` to her."""
    start = HANDS_OFF if under_duress else ""
    who = "You no longer have" if owner == YOU else "{owner} no longer has"
    code = f"1 {letter}" if letter else "1"
    words = f"{start}{who} charge of {{worker}}'s alarm{which} ({at}). Reply {code} to take it."
    return fit(words, owner=owner, worker=worker)


def ask_owner(worker: str, until: str, letter: str | None, *, under_duress: bool = False) -> str:
    """To the owner: a sign is wanted, or the alarm goes to the next person."""
    start = HANDS_OFF if under_duress else ""
    code = f"1 {letter}" if letter else "1"
    words = (
        f"{start}Are you still with {{worker}}'s alarm? Reply {code} to keep it."
        f" If not, it goes to the next person at {until}."
    )
    return fit(words, worker=worker)


def to_managers(worker: str, owner: str, since: str, *, under_duress: bool = False) -> str:
    """To the managers: owned, but open for long. It may be the first they hear of it."""
    start = HANDS_OFF if under_duress else ""
    words = f"{start}{{worker}}'s alarm is open since {since}. Ring {{owner}}, who has charge."
    return fit(words, owner=owner, worker=worker)


def stand_down(
    worker: str,
    at: str,
    by: str,
    outcome: str,
    *,
    watched_until: str | None = None,
) -> str:
    """The all-clear, once, to everyone who was told, where no other of hers is open.

    `watched_until`: her visit goes on, and is watched until then.
    """
    ends = {
        AlarmOutcome.SAFE: "All clear: {worker} is safe",
        AlarmOutcome.FALSE_ALARM: "All clear: {worker} is safe, it was a false alarm",
        AlarmOutcome.HARMED: "{worker} has been found and needs care. The search is over",
        AlarmOutcome.EMERGENCY_SERVICES: "The emergency services have taken over for {worker}",
    }
    rest = f"Her visit is watched until {watched_until}." if watched_until else NOTHING_MORE
    words = f"{ends[AlarmOutcome(outcome)]} ({{by}}, {at}). Thank you. {rest}"
    return fit(words, by=by, worker=worker)


def still_open(worker: str, at: str, by: str, going: Going) -> str:
    """Instead of the all-clear, where another alarm about her is open: how to act on that."""
    start, do = (HANDS_OFF, "ring 999") if going.hands_off else ("", "go on")
    over = f"One alarm about {{worker}} is over ({{by}}, {at})"
    words = f"{start}{over}. {GOES_ON}: {do}. {going.what_next}"
    return fit(words, by=by, worker=worker, owner=going.owner)


def news(worker: str, what: str, at: str, *, under_duress: bool = False) -> str:
    """Something came from the worker that does not stop the alarm."""
    if under_duress:
        words = f"{HANDS_OFF}{{worker}}'s phone says {what} at {at}. Do not rely on it."
    else:
        words = f"{{worker}}'s phone says {what} at {at}, no PIN: speak to her."
    return fit(words, worker=worker)


def again(worker: str, place: str, at: str, *, under_duress: bool = False) -> str:
    """She has sent SOS once more while hers is open."""
    start = HANDS_OFF if under_duress else ""
    return fit(f"{start}{{worker}} sent SOS again at {at}{{place}}.", place=place, worker=worker)


def wrote(worker: str, said: str, at: str, *, under_duress: bool = False) -> str:
    """What she texted while an alarm of hers is open, in her own words, PINs masked."""
    start = HANDS_OFF if under_duress else ""
    return fit(f"{start}{{worker}} texted at {at}{{place}}", place=said, lead=": ", worker=worker)


def unreachable(name: str, at: str) -> str:
    """To the managers: a number has opted out of texts."""
    words = (
        f"{{worker}}'s number blocks our texts since {at}. She gets none until START is sent from"
        " it to this number."
    )
    return fit(words, worker=name)
