"""A customer view as people read it."""

import textwrap
from datetime import timezone
from typing import Callable, Iterator, Sequence

from google.protobuf.timestamp_pb2 import Timestamp
from kith.config.v1 import config_pb2
from kith.contacts.v1 import contact_pb2
from kith.contacts.v1 import group_pb2
from kith.contacts.v1 import suggestion_pb2
from kith.gateway.v1 import customer_view_pb2
from kith.identity.v1 import identity_pb2
from kith.interactions.v1 import interaction_pb2
from kith.interactions.v1 import summary_pb2
from kith.interactions.v1 import thread_pb2

from kithdev.console import paint, stored, visible

_WIDTH = 78
_LABEL = 14
_MICROS = 1_000_000
_ROOM = _WIDTH - _LABEL - 2
_MOST_MEMBERS = 10
_MOST_THREADS = 5
_MOST_PROBLEMS = 3
MOST_SUGGESTIONS = 5


def render(
    response: customer_view_pb2.GetCustomerViewResponse,
    merges: Sequence[group_pb2.MergeEdge] = (),
    suggestions: Sequence[suggestion_pb2.Suggestion] = (),
    names: Sequence[str] = (),
) -> str:
    """The text of a view, or the candidates where there are several.

    `merges` and `suggestions` are those of the customer, if any; `names` are
    those of the first MOST_SUGGESTIONS others.
    """
    if response.HasField("ambiguous"):
        return "\n".join(_ambiguous(response.ambiguous))
    view = response.view
    parts: list[Callable[[], Iterator[str]]] = [
        lambda: _contact(view.contact),
        lambda: _group(view.contact, merges),
        lambda: _suggestions(suggestions, names),
        lambda: _identities(view.identities),
        lambda: _summary(view),
        lambda: _actions(view),
        lambda: _threads(view),
        lambda: _interactions(view),
        lambda: _may_be(view),
        lambda: _parts(view.parts),
    ]
    return "\n".join(line for part in parts for line in part())


def title(contact: contact_pb2.Contact) -> str:
    """Who a contact is, in a few words."""
    name = visible(contact.display_name) or "(no name)"
    return f"{name} · {word(contact_pb2.Stage, contact.stage)}"


def word(enum, number: int) -> str:
    """KIND_SOCIAL_POST as "social post"."""
    prefix = enum.Name(0).removesuffix("UNSPECIFIED")
    if number not in enum.values():
        # Of a later version of the API.
        return str(number)
    return enum.Name(number).removeprefix(prefix).lower().replace("_", " ")


def _contact(contact: contact_pb2.Contact) -> Iterator[str]:
    yield paint(title(contact), "bold")
    yield _row("id", contact.canonical_id or contact.contact_id)
    if contact.HasField("delete_time"):
        yield _row("deleted", when(contact.delete_time), "red")
    if contact.owner:
        yield _row("owner", contact.owner)
    origin = contact.attribution
    if origin.utm_source:
        parts = (origin.utm_source, origin.utm_medium, origin.utm_campaign)
        yield _row("came by", " / ".join(filter(None, parts)))
    if contact.labels:
        yield _row("labels", ", ".join(contact.labels))
    for key, value in sorted(contact.attributes.items()):
        yield _row(key.replace("_", " "), value)


def _group(
    contact: contact_pb2.Contact, merges: Sequence[group_pb2.MergeEdge]
) -> Iterator[str]:
    if len(contact.member_ids) < 2:
        return
    in_force = [edge for edge in merges if not edge.HasField("reversal")]
    text = f"{len(contact.member_ids)} contacts, by {len(in_force)} merges"
    yield _row("group", text.replace("by 1 merges", "by 1 merge"))
    # Of those that name a member, the oldest.
    said = {
        member: f" {when(edge.merge_time)[:10]} {edge.actor.name}"
        for edge in sorted(in_force, key=lambda edge: -edge.edge_order)
        for member in (edge.survivor_id, edge.absorbed_id)
    }
    others = contact.member_ids[1:]
    for member in others[:_MOST_MEMBERS]:
        text = visible(member + said.get(member, ""))
        yield _row("merged", text[:_ROOM], "dim")
    if len(others) > _MOST_MEMBERS:
        yield _row("", f"... and {len(others) - _MOST_MEMBERS} more")


def _suggestions(
    suggestions: Sequence[suggestion_pb2.Suggestion], names: Sequence[str]
) -> Iterator[str]:
    for one, name in zip(suggestions, names):
        other = visible(f"{one.other_canonical_id} {name}")
        yield _row("may also be", other[:_ROOM])
        score = word(suggestion_pb2.SuggestionScore, one.score)
        for line in textwrap.wrap(f"{score}: {one.explanation}", _ROOM):
            yield _row("", line, "dim")
    if len(suggestions) > MOST_SUGGESTIONS:
        yield _row("", f"... and {len(suggestions) - MOST_SUGGESTIONS} more")


def _identities(identities: list[identity_pb2.Identity]) -> Iterator[str]:
    order = sorted(
        identities, key=lambda one: (one.channel, one.namespace, one.normalized_value)
    )
    for identity in order:
        label = word(identity_pb2.Channel, identity.channel)
        if identity.namespace:
            label = identity.namespace
        row = _row(label, identity.normalized_value)
        if identity.value != identity.normalized_value:
            row += "  " + stored(f'(typed "{identity.value}")', "dim")
        if identity.stand_in_contact_id:
            row += paint(f"  shared by {len(identity.sharing_contact_ids)}", "dim")
        yield row


def _summary(view: customer_view_pb2.CustomerView) -> Iterator[str]:
    if not view.HasField("summary"):
        # Missing, which must not read as "never called".
        return
    summary = view.summary
    yield ""
    called = summary.last_called_time
    has_called = summary.HasField("last_called_time")
    yield _row("last called", when(called) if has_called else "never")
    yield from _sold(summary.sales)
    marketing = summary.marketing
    yield _row(
        "marketing",
        f"{marketing.last_7_days} in 7 days, {marketing.last_30_days} in 30, "
        f"{marketing.last_90_days} in 90",
    )
    counts: dict[str, int] = {}
    for entry in summary.counts:
        kind = word(interaction_pb2.Kind, entry.kind)
        counts[kind] = counts.get(kind, 0) + entry.count
    if counts:
        # The spaces within an entry are no place to break a line.
        text = ", ".join(
            f"{count} {kind}".replace(" ", "\xa0") for kind, count in counts.items()
        )
        for number, line in enumerate(textwrap.wrap(text, _ROOM)):
            yield _row("" if number else "in all", line.replace("\xa0", " "))
    for returned in summary.returned_items[:3]:
        yield _row("returned", f"{returned.item.name}, {when(returned.return_time)}")


def _sold(sales: list[summary_pb2.Sales]) -> Iterator[str]:
    if not sales:
        yield _row("sold", "nothing yet")
    for one in sales:
        text = f"{one.currency_code} {_amount(one.net_micros)}"
        if one.saturated:
            text += " or beyond what can be shown"
        if one.return_count:
            text += (
                f"  ({_amount(one.sold_micros)} in {one.purchase_count} purchases, "
                f"{_amount(one.returned_micros)} came back in {one.return_count})"
            )
        else:
            text += f"  ({one.purchase_count} purchases)"
        yield _row("sold", text)


def _actions(view: customer_view_pb2.CustomerView) -> Iterator[str]:
    for one in view.actions[:_MOST_THREADS]:
        kind = word(config_pb2.ActionKind, one.kind)
        yield _row("to do", visible(f"{kind}: {one.reason.text}")[:_ROOM], "yellow")


def _threads(view: customer_view_pb2.CustomerView) -> Iterator[str]:
    for one in view.threads[:_MOST_THREADS]:
        state = word(thread_pb2.ThreadState, one.state)
        if one.HasField("first_unanswered_time"):
            state += f" since {when(one.first_unanswered_time)}"
        kind = word(interaction_pb2.ThreadKind, one.kind)
        about = ", ".join(filter(None, (one.topic, one.subject)))
        text = visible(f"{state}: {kind} {about}".rstrip())
        style = "yellow" if one.state == thread_pb2.THREAD_STATE_OPEN else ""
        yield _row("thread", text[:_ROOM], style)
    if len(view.threads) > _MOST_THREADS:
        yield _row("", f"... and {len(view.threads) - _MOST_THREADS} more")
    shown = {one.thread_id for one in view.threads}
    for problem in view.last_problems[:_MOST_PROBLEMS]:
        if problem.thread_id in shown:
            continue
        text = f"{when(problem.opened_time)[:10]} {problem.topic or problem.subject}"
        yield _row("had a problem", visible(text)[:_ROOM])


def _interactions(view: customer_view_pb2.CustomerView) -> Iterator[str]:
    if not view.interactions:
        return
    yield ""
    for one in view.interactions:
        yield _interaction(one)
    if view.next_page_token:
        yield paint("  ... and more before that", "dim")


def _may_be(view: customer_view_pb2.CustomerView) -> Iterator[str]:
    """What came by a value that others share."""
    if not view.may_be:
        return
    yield ""
    yield paint("  May be of this customer, by a value that others share:", "dim")
    for one in view.may_be:
        yield _interaction(one.interaction)


def _interaction(one: interaction_pb2.Interaction) -> str:
    arrow = {
        interaction_pb2.DIRECTION_INBOUND: "<-",
        interaction_pb2.DIRECTION_OUTBOUND: "->",
    }.get(one.direction, "  ")
    kind = word(interaction_pb2.Kind, one.kind)
    text = visible(" ".join(filter(None, (_outcome(one), _money(one), about(one)))))
    line = f"  {when(one.occurred_time)}  {arrow} {kind:<12}"
    room = _WIDTH - len(line)
    if len(text) > room:
        text = text[: room - 3].rstrip() + "..."
    return paint(line, "dim") + text


def about(one: interaction_pb2.Interaction) -> str:
    """Its items, or what was said in it, as stored."""
    if one.items:
        return ", ".join(
            f"{item.quantity} x {item.name}" if item.quantity > 1 else item.name
            for item in one.items
        )
    page = one.attributes.get("page", "")
    return one.body or one.subject or " ".join(filter(None, (one.topic, page)))


def _outcome(one: interaction_pb2.Interaction) -> str:
    if one.outcome in (
        interaction_pb2.OUTCOME_UNSPECIFIED,
        interaction_pb2.OUTCOME_ANSWERED,
    ):
        return ""
    return f"[{word(interaction_pb2.Outcome, one.outcome)}]"


def _money(one: interaction_pb2.Interaction) -> str:
    if not one.HasField("amount"):
        return ""
    return f"{one.amount.currency_code} {_amount(one.amount.amount_micros)}"


def _parts(parts: list[customer_view_pb2.PartStatus]) -> Iterator[str]:
    complete = [one.part for one in parts if not one.HasField("error")]
    yield ""
    yield _row("parts", ", ".join(complete) + (" complete" if complete else "none"))
    for part in parts:
        if part.HasField("error"):
            text = f"{part.part} missing: {part.error.message}"
            yield _row("", text, "yellow")


def _ambiguous(ambiguous: customer_view_pb2.AmbiguousCustomer) -> Iterator[str]:
    yield paint("This may be any of several customers; ask by id:", "bold")
    for candidate in ambiguous.candidates:
        yield _row("", f"{candidate.identity.contact_id}  {candidate.reason}")


def _row(label: str, text: str, style: str = "") -> str:
    # A longer label pushes its text on, and never touches it.
    return f"  {stored(f'{label:<{_LABEL - 1}}', 'dim')} {stored(text, style)}"


def _amount(micros: int) -> str:
    return f"{micros / _MICROS:,.2f}"


def when(timestamp: Timestamp) -> str:
    """The time of this machine's zone, to the minute."""
    local = timestamp.ToDatetime(tzinfo=timezone.utc).astimezone()
    return f"{local:%Y-%m-%d %H:%M}"
