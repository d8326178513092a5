"""What people read of a view is true, also where a part is missing."""

from google.protobuf import text_format
from kith.contacts.v1 import group_pb2
from kith.contacts.v1 import suggestion_pb2
from kith.gateway.v1 import customer_view_pb2

from kithdev.view import MOST_SUGGESTIONS, render

_VIEW = """
view {
  contact {
    contact_id: "a1" canonical_id: "a1" display_name: "Nora Lindqvist"
    stage: STAGE_CUSTOMER owner: "Dana" labels: "vip"
    attribution { utm_source: "google" utm_medium: "cpc" }
    attributes { key: "preferred_contact" value: "phone" }
  }
  identities {
    channel: CHANNEL_PHONE value: "(415) 555-2671"
    normalized_value: "+14155552671"
  }
  identities {
    channel: CHANNEL_SOCIAL namespace: "x" value: "nora" normalized_value: "nora"
  }
  summary {
    last_called_time { seconds: 1793297880 }
    sales {
      currency_code: "USD" sold_micros: 1891500000 returned_micros: 649000000
      net_micros: 1242500000 purchase_count: 2 return_count: 1
    }
    counts { kind: KIND_CALL count: 3 }
    counts { kind: KIND_CALL outcome: OUTCOME_MISSED count: 1 }
    marketing { last_30_days: 1 last_90_days: 4 }
    returned_items { item { name: "Machine" } return_time { seconds: 1792002780 } }
  }
  interactions {
    occurred_time { seconds: 1793297880 } kind: KIND_SOCIAL_POST
    direction: DIRECTION_INBOUND body: "It leaks"
  }
  interactions {
    occurred_time { seconds: 1793297000 } kind: KIND_CALL
    direction: DIRECTION_INBOUND outcome: OUTCOME_MISSED
  }
  interactions {
    occurred_time { seconds: 1793296000 } kind: KIND_PURCHASE
    direction: DIRECTION_INBOUND
    items { name: "Beans" quantity: 2 }
    amount { currency_code: "USD" amount_micros: 52000000 }
  }
  actions {
    kind: ACTION_KIND_CALL_BACK reason { text: "Called twice; nobody answered" }
  }
  threads {
    thread_id: "t1" kind: THREAD_KIND_PROBLEM topic: "delivery" subject: "Late"
    state: THREAD_STATE_OPEN first_unanswered_time { seconds: 1793297880 }
  }
  threads {
    thread_id: "t2" kind: THREAD_KIND_QUESTION topic: "bill"
    state: THREAD_STATE_WAITING
  }
  last_problems {
    thread_id: "t1" topic: "delivery" opened_time { seconds: 1793297880 }
  }
  last_problems {
    thread_id: "t3" topic: "leak" opened_time { seconds: 1792002780 }
  }
  next_page_token: "t"
  parts { part: "contact" } parts { part: "identities" }
  parts { part: "summary" } parts { part: "interactions" }
}
"""


def shown(text):
    return render(text_format.Parse(text, customer_view_pb2.GetCustomerViewResponse()))


def test_a_whole_view():
    text = shown(_VIEW)
    for expected in (
        "Nora Lindqvist · customer",
        "google / cpc",
        '+14155552671  (typed "(415) 555-2671")',
        "x             nora",
        "USD 1,242.50  (1,891.50 in 2 purchases, 649.00 came back in 1)",
        "0 in 7 days, 1 in 30, 4 in 90",
        "4 call",
        "returned      Machine",
        "<- social post It leaks",
        "[missed]",
        "USD 52.00 2 x Beans",
        "and more before that",
        "contact, identities, summary, interactions complete",
        "had a problem",
        "to do         call back: Called twice; nobody answered",
    ):
        assert expected in text


def test_a_group_says_who_is_in_it_and_who_said_so():
    response = text_format.Parse(_VIEW, customer_view_pb2.GetCustomerViewResponse())
    response.view.contact.member_ids.extend(["a1", "b2"])
    taken_back, merge = group_pb2.MergeEdge(), group_pb2.MergeEdge()
    taken_back.absorbed_id = "c3"
    taken_back.reversal.SetInParent()
    merge.absorbed_id = "b2"
    merge.actor.name = "Dana " * 20
    merge.merge_time.seconds = 1793297880
    text = render(response, [taken_back, merge])
    assert "group         2 contacts, by 1 merge\n" in text
    assert "merged        b2 2026-10-" in text and "c3" not in text
    assert max(len(line) for line in text.splitlines()) <= 80


def test_a_group_shows_each_of_its_ids_once():
    response = text_format.Parse(_VIEW, customer_view_pb2.GetCustomerViewResponse())
    response.view.contact.member_ids.extend(["a1", "b2", "c3"])
    # b2 was nobody's to absorb: it brought c3 along.
    merges = [
        group_pb2.MergeEdge(survivor_id="b2", absorbed_id="c3", edge_order=1),
        group_pb2.MergeEdge(survivor_id="a1", absorbed_id="c3", edge_order=2),
    ]
    merges[0].actor.name = "Dana"
    merges[1].actor.name = "Ruth"
    text = render(response, merges)
    assert "group         3 contacts, by 2 merges\n" in text
    shown_ids = [line.split()[1] for line in text.splitlines() if "  merged " in line]
    assert shown_ids == ["b2", "c3"]
    assert text.count("Dana\n") == 3 and "Ruth" not in text


def suggestion(other_id, rules=1):
    one = suggestion_pb2.Suggestion(
        other_canonical_id=other_id, score=suggestion_pb2.SUGGESTION_SCORE_LIKELY
    )
    one.explanation = (
        "They have "
        + ", and ".join(
            ["the same full name and date of birth", "the same full name and postcode"][
                :rules
            ]
        )
        + "."
    )
    return one


def test_who_it_may_be_as_well():
    response = text_format.Parse(_VIEW, customer_view_pb2.GetCustomerViewResponse())
    text = render(response, [], [suggestion("b2")], ["LINDQVIST, Nora"])
    assert (
        "  may also be   b2 LINDQVIST, Nora\n"
        "                likely: They have the same full name and date of birth.\n"
    ) in text
    assert "may also be" not in render(response)


def test_the_first_of_many_it_may_be():
    response = text_format.Parse(_VIEW, customer_view_pb2.GetCustomerViewResponse())
    many = [suggestion(f"b{number}") for number in range(MOST_SUGGESTIONS + 2)]
    text = render(response, [], many, ["Nora"] * MOST_SUGGESTIONS)
    assert text.count("may also be") == MOST_SUGGESTIONS
    assert "  ... and 2 more\n" in text


def test_lines_fit_a_terminal():
    response = text_format.Parse(_VIEW, customer_view_pb2.GetCustomerViewResponse())
    response.view.interactions[0].body = "word " * 100
    for kind in range(1, 9):
        response.view.summary.counts.add(kind=kind, count=1_000_000)
    text = render(response, [], [suggestion("b" * 36, rules=2)], ["Nora " * 40])
    assert "full name and postcode." in text
    assert "1000000 social post" in text
    assert max(len(line) for line in text.splitlines()) <= 80


def test_a_missing_summary_is_not_a_customer_never_called():
    text = shown(
        'view { contact { contact_id: "a1" } parts { part: "contact" }'
        ' parts { part: "summary" error { code: 14 message: "timed out" } } }'
    )
    assert "never" not in text and "nothing yet" not in text
    assert "summary missing: timed out" in text


def test_a_contact_nobody_ever_called():
    text = shown(
        'view { contact { contact_id: "a1" } summary { } parts { part: "summary" } }'
    )
    assert "(no name) · unspecified" in text
    assert "last called   never" in text
    assert "sold          nothing yet" in text


def test_an_unknown_kind_is_shown_by_number():
    text = shown(
        'view { contact { contact_id: "a1" } interactions { kind: 99 body: "new" } }'
    )
    assert "99" in text and "new" in text


def test_candidates():
    text = shown(
        'ambiguous { candidates { identity { contact_id: "b2" } reason: "phone 1" } }'
    )
    assert "b2  phone 1" in text


def test_what_moves_a_cursor_is_shown_as_it_is_stored():
    evil = "Ada \x1b[2K\r\x1b[1mBob\n\x1b]52;c;eA==\x07\x9b1m\u202e\u2028"
    response = text_format.Parse(_VIEW, customer_view_pb2.GetCustomerViewResponse())
    view = response.view
    contact = view.contact
    contact.display_name = contact.owner = evil
    contact.member_ids.extend(["a1", "b2"])
    contact.labels.append(evil)
    contact.attributes[evil] = evil
    contact.attribution.utm_source = evil
    for identity in view.identities:
        identity.value = evil
        identity.normalized_value = evil + "x"
    for one in view.interactions:
        one.body = one.topic = evil
    view.interactions[2].items[0].name = evil
    view.summary.returned_items[0].item.name = evil
    view.parts[0].error.message = evil
    merge = group_pb2.MergeEdge(survivor_id="a1", absorbed_id="b2")
    merge.actor.name = evil
    other = suggestion("c3")
    other.explanation = evil
    text = render(response, [merge], [other], [evil])
    assert "Ada \\x1b[2K\\r\\x1b[1mBob\\n" in text
    for line in text.split("\n"):
        assert line.isprintable(), ascii(line)
    response = customer_view_pb2.GetCustomerViewResponse()
    response.ambiguous.candidates.add(reason=evil)
    assert "\x1b" not in render(response) and "\\x1b[2K" in render(response)


def test_open_threads_and_last_problems_are_said():
    texts = shown(_VIEW)
    assert "open since 2026-10-29" in texts
    assert ": problem delivery, Late" in texts
    assert "waiting: question bill" in texts
    # One that is not resolved is not said again.
    assert texts.count("delivery") == 1
    assert "2026-10-14 leak" in texts


def test_what_may_be_of_the_customer_is_apart():
    response = text_format.Parse(
        """
        view {
          identities {
            channel: CHANNEL_PHONE value: "+1" normalized_value: "+1"
            stand_in_contact_id: "s" sharing_contact_ids: "a" sharing_contact_ids: "b"
          }
          interactions { kind: KIND_NOTE body: "surely theirs" }
          may_be { interaction { kind: KIND_CALL body: "whose is it" } }
        }
        """,
        customer_view_pb2.GetCustomerViewResponse(),
    )
    lines = render(response).splitlines()
    at = [at for at, line in enumerate(lines) if "May be of this customer" in line]
    assert "whose is it" in lines[at[0] + 1] and "surely theirs" in lines[at[0] - 2]
    assert [line for line in lines if "shared by 2" in line]
    response.view.ClearField("may_be")
    assert "May be" not in render(response)
