"""What happens in a customer's life: each function adds one short story."""

from datetime import datetime, timedelta

from kithdev.sample.customer import Duplicate
from kithdev.sample.life import INBOUND, MARKETING, OUTBOUND, SALES, SERVICE, Life
from kithdev.sample.names import QUESTIONS
from kithdev.sample.values import EMAIL, PHONE, SOCIAL, VISITOR

_PAGES = ("/grinders", "/espresso", "/beans", "/sale", "/help/returns", "/subscribe")


def enquiry(life: Life, when: datetime) -> None:
    """The first contact: a form on the web, or the next best."""
    topic, question, _ = life.rng.choice(life.phrases.questions)
    for channel, kind, source in (
        (EMAIL, "WEB_EVENT", "web"),
        (SOCIAL, "SOCIAL_POST", "social"),
    ):
        if life.usable(channel):
            life.add(
                when, kind, channel, source, direction=INBOUND, purpose=SERVICE,
                topic=topic, subject=life.phrases.contact_form if channel == EMAIL else "",
                body=question,
            )
            return
    if life.usable(PHONE):
        life.call(when, INBOUND, "ANSWERED", question, purpose=SERVICE, topic=topic)
    else:
        life.purchase(when)


def enquire_again(life: Life, when: datetime, duplicate: Duplicate) -> None:
    """A form filled in as if for the first time."""
    topic, question, _ = life.rng.choice(life.phrases.questions)
    life.add(
        when, "WEB_EVENT", EMAIL, "web", duplicate, direction=INBOUND,
        purpose=SERVICE, topic=topic, subject=life.phrases.contact_form,
        body=question,
    )


def purchase(life: Life, when: datetime) -> None:
    """An order, one in eight of which comes back in part."""
    life.purchase(when)
    if life.rng.random() < 0.12:
        give_back(life, when + timedelta(days=life.rng.randint(3, 30)))


def give_back(life: Life, when: datetime) -> None:
    """A return of something that was bought before."""
    bought = [order for order in life.returnable if order[1] < when]
    if not bought:
        return
    order = life.rng.choice(bought)
    life.returnable.remove(order)
    line = life.rng.choice(order[2])
    problem = life.phrases.product(line.sku).problem
    life.give_back(when, order[0], [line], life.phrases.broken.format(line.name, problem))


def question(life: Life, when: datetime) -> None:
    """A mail and its answer."""
    topic, asked, answer = life.rng.choice(life.phrases.questions)
    own = QUESTIONS.get(life.person.name.script)
    if own and life.rng.random() < 0.5:
        topic, asked, answer = "delivery", own, life.phrases.questions[0][2]
    life.add(
        when, "EMAIL", EMAIL, "mailbox", direction=INBOUND, purpose=SERVICE,
        topic=topic, subject=topic.capitalize(), body=asked,
    )
    life.add(
        when + timedelta(minutes=life.rng.randint(20, 1500)), "EMAIL", EMAIL,
        "mailbox", direction=OUTBOUND, purpose=SERVICE, topic=topic,
        subject=f"Re: {topic.capitalize()}", body=answer,
        agent=life.rng.choice(life.shop.agents),
    )


def call_in(life: Life, when: datetime) -> None:
    """A call that is answered, or missed and returned."""
    topic, asked, answer = life.rng.choice(life.phrases.questions)
    about = {"purpose": SERVICE, "topic": topic}
    if life.rng.random() < 0.7:
        life.call(when, INBOUND, "ANSWERED", life.phrases.asked.format(asked, answer), **about)
        return
    life.call(when, INBOUND, "MISSED", "", **about)
    back = when + timedelta(minutes=life.rng.randint(10, 240))
    outcome = life.rng.choices(("ANSWERED", "VOICEMAIL", "MISSED"), (6, 3, 1))[0]
    body = life.phrases.called_back
    if outcome == "ANSWERED":
        body += f" {answer}"
    life.call(back, OUTBOUND, outcome, body, **about)


def call_out(life: Life, when: datetime) -> None:
    """A call to sell, with more tries where nobody answers."""
    for _ in range(life.rng.choice((1, 1, 2))):
        answered = life.rng.random() < 0.5
        outcome = "ANSWERED" if answered else life.rng.choice(("MISSED", "VOICEMAIL"))
        body = life.rng.choice(life.phrases.sales_pitches) if answered else ""
        life.call(when, OUTBOUND, outcome, body, purpose=SALES, topic="offer")
        if answered:
            return
        when += timedelta(days=1)


def chat(life: Life, when: datetime) -> None:
    """Text messages to and fro."""
    topic, asked, answer = life.rng.choice(life.phrases.questions)
    channel = life.usable(PHONE) or life.usable(SOCIAL)
    talk = [(INBOUND, asked), (OUTBOUND, answer), (INBOUND, life.phrases.thanks)]
    for direction, body in talk[: life.rng.choice((2, 3))]:
        life.add(
            when, "MESSAGE", channel, "messenger", direction=direction,
            purpose=SERVICE, topic=topic, body=body,
        )
        when += timedelta(minutes=life.rng.randint(1, 30))


def complaint(life: Life, when: datetime) -> None:
    """Something bought fails: a post, then a call, and it comes back."""
    bought = [order for order in life.returnable if order[1] < when]
    if not bought:
        purchase(life, when)
        return
    order = life.rng.choice(bought)
    life.returnable.remove(order)
    line = order[2][0]
    problem = f"{line.name} {life.phrases.product(line.sku).problem}"
    about = {"purpose": SERVICE, "topic": "complaint"}
    life.add(
        when, "SOCIAL_POST", SOCIAL, "social", direction=INBOUND, **about,
        body=life.phrases.public_complaint.format(problem),
    )
    later = when + timedelta(hours=life.rng.randint(2, 30))
    if life.usable(PHONE):
        life.call(
            later, OUTBOUND, "ANSWERED",
            life.phrases.complaint_call.format(problem), **about,
        )
    else:
        life.add(
            later, "MESSAGE", SOCIAL, "social", direction=OUTBOUND, **about,
            body=life.phrases.complaint_reply,
        )
    life.give_back(later + timedelta(days=5), order[0], [line], f"{problem}.")


def web_visit(life: Life, when: datetime) -> None:
    """Pages looked at, one after the other."""
    for page in life.rng.sample(_PAGES, life.rng.choice((1, 2, 3))):
        life.add(
            when, "WEB_EVENT", VISITOR, "web", direction=INBOUND,
            topic="page_view", attributes={"page": page},
        )
        when += timedelta(seconds=life.rng.randint(8, 400))


def advertisement(life: Life, when: datetime) -> None:
    """An advertisement shown on a web page."""
    campaign, subject = life.rng.choice(life.phrases.campaigns)
    life.add(
        when, "AD", VISITOR, "adserver", direction=OUTBOUND, purpose=MARKETING,
        topic=campaign, subject=subject,
    )


def newsletter(life: Life, when: datetime) -> None:
    """A mail of a campaign of that year."""
    campaign, subject = life.rng.choice(life.phrases.campaigns)
    life.advertise(when, f"{campaign}-{when.year}", subject)


def note(life: Life, when: datetime) -> None:
    """Something an agent wrote down."""
    life.add(
        when, "NOTE", None if life.person.walk_in else life.person.values[0].channel,
        "desk", body=life.rng.choice(life.phrases.notes),
        agent=life.rng.choice(life.shop.agents),
    )


def withheld_call(life: Life, when: datetime) -> None:
    """A call by somebody known in person, from a number nobody sees."""
    life.call(
        when, INBOUND, "ANSWERED", life.phrases.withheld_number,
        purpose=SERVICE, topic="opening",
    )
