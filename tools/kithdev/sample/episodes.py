"""What happens in a customer's life: each function adds one short story."""

from datetime import datetime, timedelta

from kith.interactions.v1.interaction_pb2 import OUTCOME_MISSED, THREAD_KIND_PROBLEM

from kithdev.sample.life import INBOUND, MARKETING, OUTBOUND, SALES, SERVICE, Life
from kithdev.sample.names import FOREIGN
from kithdev.sample.people import Duplicate
from kithdev.sample.values import EMAIL, PHONE, SOCIAL, VISITOR

# The weeks that the showcase's story takes.
STORY_WEEKS = 8

_PAGES = ("/grinders", "/espresso", "/beans", "/sale", "/help/returns")
# Of calls in which all is said: a topic of a thread would open that one again.
_ON_THE_PHONE = "hotline"
_COMPLAINT = {"purpose": SERVICE, "topic": "complaint"}
# What the customer says of it, which opens a thread.
_COMPLAINS = {"direction": INBOUND, "opens": THREAD_KIND_PROBLEM, **_COMPLAINT}


def enquiry(life: Life, when: datetime, duplicate: Duplicate | None = None) -> None:
    """The first contact: a form on the web, or the next best."""
    topic, asked, _ = life.rng.choice(life.texts.questions)
    by = duplicate or life.person.usable(EMAIL)
    if by:
        form = life.texts.contact_form
        life.add(
            when, "WEB_EVENT", by, INBOUND, SERVICE, topic, subject=form, body=asked
        )
    elif life.person.usable(PHONE):
        life.call(
            when, INBOUND, "ANSWERED", SERVICE, _ON_THE_PHONE, asked, closing=True
        )
    else:
        life.purchase(when)


def newsletter(life: Life, when: datetime) -> None:
    """A mail of the season's campaign."""
    topic, subject = _campaign(life, when)
    life.add(when, "EMAIL", EMAIL, OUTBOUND, MARKETING, topic, subject=subject)


def advertisement(life: Life, when: datetime) -> None:
    """An advertisement shown on a web page."""
    topic, subject = _campaign(life, when)
    life.add(when, "AD", VISITOR, OUTBOUND, MARKETING, topic, subject=subject)


def _campaign(life: Life, when: datetime) -> tuple[str, str]:
    name, subject = life.texts.campaigns[(when.month - 3) // 3 % 4]
    return f"{name}-{when.year}", subject


def web_visit(life: Life, when: datetime) -> None:
    """Pages looked at, one after the other."""
    for page in life.rng.sample(_PAGES, life.rng.choice((1, 2, 3))):
        attributes = {"page": page}
        life.add(
            when, "WEB_EVENT", VISITOR, INBOUND, 0, "page_view", attributes=attributes
        )
        when += timedelta(seconds=life.rng.randint(8, 400))


def question(life: Life, when: datetime) -> None:
    """A mail and its answer."""
    topic, asked, answer = life.rng.choice(life.texts.questions)
    if life.person.name.script in FOREIGN:
        topic, _, answer = life.texts.questions[0]
        asked = FOREIGN[life.person.name.script][1]
    mail = {"subject": topic.capitalize(), "body": asked}
    life.add(when, "EMAIL", EMAIL, INBOUND, SERVICE, topic, **mail)
    when += timedelta(minutes=life.rng.randint(20, 1500))
    mail = {
        "subject": f"Re: {topic.capitalize()}",
        "body": answer,
        "agent": life.agent(),
    }
    life.add(when, "EMAIL", EMAIL, OUTBOUND, SERVICE, topic, **mail)


def chat(life: Life, when: datetime) -> None:
    """Text messages to and fro."""
    topic, asked, answer = life.rng.choice(life.texts.questions)
    for direction, body in ((INBOUND, asked), (OUTBOUND, answer)):
        life.add(when, "MESSAGE", PHONE, direction, SERVICE, topic, body=body)
        when += timedelta(minutes=life.rng.randint(1, 30))


def call_in(life: Life, when: datetime) -> None:
    """A call that is answered, or missed and returned."""
    topic, asked, answer = life.rng.choice(life.texts.questions)
    if life.rng.random() < 0.7:
        body = f"{asked} {answer}"
        life.call(when, INBOUND, "ANSWERED", SERVICE, _ON_THE_PHONE, body, closing=True)
        return
    life.call(when, INBOUND, "MISSED", SERVICE, topic)
    when += timedelta(minutes=life.rng.randint(10, 240))
    body = life.texts.called_back.format(answer)
    life.call(when, OUTBOUND, "ANSWERED", SERVICE, topic, body)


def call_out(life: Life, when: datetime) -> None:
    """A call to sell."""
    outcome = life.rng.choice(("ANSWERED", "MISSED", "VOICEMAIL"))
    body = life.rng.choice(life.texts.sales_calls)
    life.call(when, OUTBOUND, outcome, SALES, "offer", body)


def purchase(life: Life, when: datetime) -> None:
    """An order."""
    life.purchase(when)


def complaint(life: Life, when: datetime) -> None:
    """Something bought before fails: a post, a call, and it comes back."""
    bought = [order for order in life.orders if order.when < when]
    if not bought:
        return
    order = life.rng.choice(bought)
    item = order.items[0]
    problem = f"{item.name} {life.texts.product(item.sku).problem}"
    if life.person.usable(SOCIAL):
        body = life.texts.complaint.format(problem)
        life.add(when, "SOCIAL_POST", SOCIAL, body=body, **_COMPLAINS)
    if life.person.usable(PHONE):
        when += timedelta(hours=life.rng.randint(1, 30))
        body = life.texts.apology.format(problem)
        life.call(when, OUTBOUND, "ANSWERED", body=body, **_COMPLAINT)
    elif life.person.usable(SOCIAL):
        when += timedelta(hours=life.rng.randint(1, 30))
        answer = {"body": life.texts.answer, "agent": life.agent()}
        life.add(when, "SOCIAL_POST", SOCIAL, OUTBOUND, **_COMPLAINT, **answer)
    life.give_back(when + timedelta(days=5), order, problem)


def note(life: Life, when: datetime) -> None:
    """Something an agent wrote down."""
    values = life.person.values
    body = life.rng.choice(life.texts.notes)
    by = values[0].channel if values else None
    life.add(when, "NOTE", by, body=body, agent=life.agent())


def story(life: Life) -> None:
    """A machine bought, a complaint in public, a call, a return, a remedy."""

    def at(day: int, hour: int = 18) -> datetime:
        begin = life.end - timedelta(weeks=STORY_WEEKS)
        return begin + timedelta(days=day, hours=hour, minutes=7 * day % 60)

    newsletter(life, at(2))
    machine = life.purchase(at(5), [life.item("ES-300"), life.item("TA-058")])
    newsletter(life, at(20))
    life.call(at(33), INBOUND, "MISSED", **_COMPLAINT)
    body = (
        "Three weeks in, my Corva espresso machine leaks at the group head and nobody "
        "picks up the phone. Anybody else?"
    )
    life.add(at(33, 20), "SOCIAL_POST", SOCIAL, body=body, **_COMPLAINS)
    body = (
        "Saw the post. Apologised, offered repair or money back; wants her money back "
        "for the machine, keeps the tamper. Label sent."
    )
    life.call(at(34), OUTBOUND, "ANSWERED", body=body, **_COMPLAINT)
    life.give_back(at(39), machine, "Leaks at the group head")
    body = "Refund is out. No advertising until she is happy again."
    life.add(at(40), "NOTE", PHONE, body=body, agent=life.shop.agents[0])
    life.purchase(at(48), [life.item("ES-310"), life.item("BN-101", 2)])
    body = "Asked how the Duo does: very well, and thank you for asking."
    life.call(at(54), OUTBOUND, "ANSWERED", SERVICE, "follow-up", body)


def missed_calls(life: Life) -> None:
    """Two calls that nobody answers."""
    topic, _, _ = life.texts.questions[0]
    for hours in (25, 20):
        when = life.end - timedelta(hours=hours)
        life.call(when, INBOUND, "MISSED", SERVICE, topic)


def unheard_complaint(life: Life) -> None:
    """A complaint in public that nobody answers."""
    product = life.rng.choice(life.texts.products)
    body = life.texts.complaint.format(f"{product.name} {product.problem}")
    when = life.end - timedelta(hours=9)
    life.add(when, "SOCIAL_POST", SOCIAL, body=body, **_COMPLAINS)


def third_problem(life: Life) -> None:
    """A machine that fails again and again; the last mail nobody has answered."""
    product = life.rng.choice(life.texts.products)
    problem = f"{product.name} {product.problem}"
    matter = {"purpose": SERVICE, "topic": "repair", "subject": life.texts.repair}
    ago = (timedelta(days=41), timedelta(days=17), timedelta(hours=7))
    for before, says in zip(ago, life.texts.broken, strict=True):
        when = life.end - before
        said = {"opens": THREAD_KIND_PROBLEM, "body": says.format(problem)}
        life.add(when, "EMAIL", EMAIL, INBOUND, **matter, **said)
        if before < timedelta(days=1):
            return
        when += timedelta(hours=5)
        answer = {"body": life.texts.repaired, "agent": life.agent()}
        life.add(when, "EMAIL", EMAIL, OUTBOUND, **matter, **answer)
        life.settle(when + timedelta(days=9))


def fresh_lead(life: Life) -> None:
    """A form that asks for an offer, of this morning."""
    _, asked, _ = life.rng.choice(life.texts.questions)
    form = {"subject": life.texts.contact_form, "body": asked}
    when = life.end - timedelta(hours=3)
    life.add(when, "WEB_EVENT", EMAIL, INBOUND, SALES, "offer", **form)


def call_from_home(life: Life) -> None:
    """A call that nobody answers, by a phone that the person shares: who was it?"""
    home = life.person.home
    life.share(life.end - timedelta(hours=6), home)
    missed = {"outcome": OUTCOME_MISSED}
    when = life.end - timedelta(hours=5)
    life.add(when, "CALL", home, INBOUND, SERVICE, _ON_THE_PHONE, **missed)


# What somebody still has to act on at the end: the channel that it needs, and how
# many events it is.
WAITING = (
    (missed_calls, PHONE, 2),
    (unheard_complaint, SOCIAL, 1),
    (third_problem, EMAIL, 5),
    (fresh_lead, EMAIL, 1),
    (call_from_home, EMAIL, 1),
)

# How often each story is told, and the channel that it needs, if any.
EPISODES = (
    (newsletter, 30, EMAIL),
    (purchase, 24, None),
    (call_in, 14, PHONE),
    (web_visit, 9, VISITOR),
    (question, 9, EMAIL),
    (call_out, 8, PHONE),
    (chat, 7, PHONE),
    (advertisement, 5, VISITOR),
    (complaint, 8, None),
    (note, 4, None),
)
