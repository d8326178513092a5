"""Consent through the gateway: a word of a customer counts, and no refusal is lost."""

import grpc
import pytest

from builders import (
    code,
    external,
    mail,
    move_of,
    phone,
    ref,
    share_of,
    touch,
    touch_of,
)
from groups import merge_of, refused, unmerge_of
from kith.config.v1 import config_pb2
from kith.gateway.v1 import action_pb2
from kith.gateway.v1 import consent_pb2
from kith.gateway.v1 import customer_view_pb2
from kith.identity.v1 import consent_pb2 as consents
from kith.identity.v1 import consent_state_pb2 as states
from kith.interactions.v1 import interaction_pb2
from kithdev.client import Client

MARKETING = states.CONSENT_PURPOSE_MARKETING
GRANTED, PENDING, REFUSED = (
    states.CONSENT_STATE_GRANTED,
    states.CONSENT_STATE_PENDING,
    states.CONSENT_STATE_REFUSED,
)
YES, NO, MAYBE = (
    consents.MAY_CONTACT_ANSWER_YES,
    consents.MAY_CONTACT_ANSWER_NO,
    consents.MAY_CONTACT_ANSWER_MAYBE,
)


def word(who, state, value=None, **fields) -> consent_pb2.RecordConsentRequest:
    """A word for marketing; for a channel value, or for all."""
    fields = {"purpose": MARKETING, "state": state, **fields}
    if state == GRANTED and "text" not in fields:
        fields["text"] = consents.ConsentText(text_id="newsletter-3")
    fields.setdefault("captured_by", consents.CONSENT_CAPTURER_PERSON)
    fields.setdefault("method", consents.CONSENT_METHOD_FORM)
    return consent_pb2.RecordConsentRequest(
        customer=ref(who), value=value, consent=consents.Consent(**fields)
    )


def confirmed(who, value) -> consent_pb2.RecordConsentRequest:
    """The person has clicked a link that was sent to the value."""
    request = word(who, GRANTED, value, method=consents.CONSENT_METHOD_LINK)
    request.consent.confirmation.confirmed_time.GetCurrentTime()
    request.consent.confirmation.token_id = "token-7"
    return request


def may(client: Client, who, value=None, **fields) -> int:
    request = consent_pb2.MayContactRequest(
        customer=ref(who), value=value, purpose=MARKETING, **fields
    )
    return client.gateway.MayContact(request).answer


def advertising(request_id: str, *values, **fields):
    return touch(
        request_id,
        *values,
        kind=interaction_pb2.KIND_EMAIL,
        direction=interaction_pb2.DIRECTION_OUTBOUND,
        purpose=interaction_pb2.PURPOSE_MARKETING,
        **fields,
    )


@pytest.fixture
def box(client, fresh):
    """The address of somebody known."""
    value = mail(fresh("mail"))
    client.gateway.RecordTouch(touch(fresh("r"), value))
    return value


def test_from_the_form_to_the_refusal_and_back(client, form, verified, box):
    assert may(client, box, box) == NO
    form.gateway.RecordConsent(word(box, PENDING, box))
    assert may(client, box, box) == NO
    verified.gateway.RecordConsent(confirmed(box, box))
    assert may(client, box, box) == YES
    client.gateway.RecordConsent(word(box, REFUSED, box))
    form.gateway.RecordConsent(word(box, PENDING, box))
    assert may(client, box, box) == NO
    refused(client.gateway.RecordConsent, word(box, GRANTED, box), "CONSENT_REFUSED")
    verified.gateway.RecordConsent(confirmed(box, box))
    assert may(client, box, box) == YES
    listed = client.gateway.ListConsents(
        consent_pb2.ListConsentsRequest(customer=ref(box), page_size=3)
    )
    assert [one.state for one in listed.consents] == [GRANTED, PENDING, REFUSED]
    assert listed.next_page_token


def test_a_form_is_answered_the_same_whoever_is_known(form, box, fresh):
    nobody = mail(fresh("mail"))
    answers = [
        form.gateway.RecordConsent(word(one, PENDING, one)) for one in (box, nobody)
    ]
    assert answers[0] == answers[1]
    assert not answers[0].contact_id and not answers[0].identity_key
    codes = {
        code(form.gateway.RecordConsent, word(one, PENDING, one, method=0))
        for one in (box, nobody)
    }
    assert codes == {grpc.StatusCode.INVALID_ARGUMENT}


def test_a_view_shows_consents_beside_identities(client, box):
    client.gateway.RecordConsent(word(box, GRANTED, box))
    client.gateway.RecordConsent(word(box, REFUSED, box, topic="news"))
    for who in (
        box,
        client.gateway.MayContact(
            consent_pb2.MayContactRequest(customer=ref(box), purpose=MARKETING)
        ).canonical_id,
    ):
        request = customer_view_pb2.GetCustomerViewRequest(customer=ref(who))
        (identity,) = client.gateway.GetCustomerView(request).view.identities
        assert [(one.topic, one.state) for one in identity.consents] == [
            ("", GRANTED),
            ("news", REFUSED),
        ]


def test_a_merge_lifts_no_refusal_and_an_unmerge_takes_none_along(client, box, fresh):
    other = phone(fresh("phone"))
    other_id = client.gateway.RecordTouch(touch(fresh("r"), other)).contact_id
    client.gateway.RecordConsent(word(box, GRANTED, box))
    client.gateway.RecordConsent(word(other_id, REFUSED))
    client.gateway.MergeContacts(merge_of(box, other_id))
    assert may(client, box, box) == NO
    listed = client.gateway.ListConsents(
        consent_pb2.ListConsentsRequest(customer=ref(box))
    )
    assert [one.state for one in listed.consents] == [REFUSED, GRANTED]
    client.gateway.UnmergeContacts(unmerge_of(other_id))
    assert may(client, box, box) == YES
    assert may(client, other_id) == NO


def test_the_answer_over_all_values_may_differ(client, box, fresh):
    contact = client.gateway.RecordTouch(
        touch(fresh("r"), box, phone(fresh("phone")))
    ).contact_id
    client.gateway.RecordConsent(word(contact, GRANTED, box))
    assert may(client, contact) == MAYBE
    assert may(client, contact, channel="CHANNEL_EMAIL") == YES
    assert may(client, contact, channel="CHANNEL_PHONE") == NO


def test_a_batch_answers_each_in_its_place(client, box, fresh):
    client.gateway.RecordConsent(word(box, GRANTED, box))
    asked = [box, mail(fresh("mail")), box] * 200
    batch = consent_pb2.BatchMayContactRequest(
        requests=[
            consent_pb2.MayContactRequest(customer=ref(one), purpose=MARKETING)
            for one in asked
        ]
    )
    results = client.gateway.BatchMayContact(batch).results
    assert len(results) == 600
    for i, one in enumerate(results):
        if i % 3 == 1:
            assert one.error.code == grpc.StatusCode.NOT_FOUND.value[0]
        else:
            assert one.response.answer == YES


def test_the_business_advertises_to_nobody_who_has_not_consented(client, box, fresh):
    own = advertising(fresh("r"), box)
    refused(client.gateway.RecordTouch, own, "MAY_NOT_CONTACT")
    refused(
        client.gateway.RecordTouch,
        advertising(fresh("r"), mail(fresh("mail"))),
        "MAY_NOT_CONTACT",
    )
    client.gateway.RecordConsent(word(box, GRANTED, box))
    recorded = client.gateway.RecordTouch(own)
    client.gateway.RecordConsent(word(box, REFUSED, box))
    # A repeat of what was sent is answered as before.
    assert client.gateway.RecordTouch(own).contact_id == recorded.contact_id
    refused(
        client.gateway.RecordTouch,
        touch_of(recorded.contact_id, fresh("r"), kind=interaction_pb2.KIND_AD),
        "MAY_NOT_CONTACT",
    )


def test_a_report_of_advertising_is_kept(client, box, fresh):
    report = advertising("", box, source="mailer", external_id=fresh("id"))
    assert client.gateway.RecordTouch(report).outcome == (
        interaction_pb2.RECORD_OUTCOME_RECORDED
    )
    # A repeat is one, whatever the customer has said meanwhile.
    client.gateway.RecordConsent(word(box, GRANTED, box))
    assert client.gateway.RecordTouch(report).outcome == (
        interaction_pb2.RECORD_OUTCOME_KNOWN
    )
    allowed = advertising("", box, source="mailer", external_id=fresh("id"))
    client.gateway.RecordTouch(allowed)
    request = customer_view_pb2.GetCustomerViewRequest(customer=ref(box))
    view = client.gateway.GetCustomerView(request).view
    shown = {one.external_id: one.contact_violation for one in view.interactions}
    assert shown[report.interaction.external_id] == "NO_CONSENT"
    assert shown[allowed.interaction.external_id] == ""


def test_what_completes_an_action_advertises_to_nobody_either(client, box, fresh):
    contact = client.gateway.RecordTouch(touch(fresh("r"), box)).contact_id
    made = action_pb2.CreateActionRequest(customer=ref(contact))
    made.action.kind = config_pb2.ACTION_KIND_FOLLOW_UP
    made.action.reason.text = "Offer the new tariff"
    action = client.gateway.CreateAction(made)
    done = action_pb2.CompleteActionsRequest(agent="Dana", request_id=fresh("r"))
    done.actions.add(contact_id=contact, action_id=action.action_id)
    done.interaction.MergeFrom(advertising("", box).interaction)
    refused(client.gateway.CompleteActions, done, "MAY_NOT_CONTACT")
    client.gateway.RecordConsent(word(box, GRANTED, box))
    completed = client.gateway.CompleteActions(done)
    assert completed.interaction.interaction_id
    # A repeat is one, whatever the customer has said meanwhile.
    client.gateway.RecordConsent(word(box, REFUSED))
    assert client.gateway.CompleteActions(done) == completed
    done.request_id = fresh("r")
    refused(client.gateway.CompleteActions, done, "MAY_NOT_CONTACT")


def test_service_and_receipts_pass(client, box, fresh):
    client.gateway.RecordConsent(word(box, REFUSED, purpose=states.CONSENT_PURPOSE_ALL))
    receipt = advertising(fresh("r"), box)
    receipt.interaction.purpose = interaction_pb2.PURPOSE_TRANSACTION
    client.gateway.RecordTouch(receipt)
    for purpose, answer in (
        (states.CONSENT_PURPOSE_SERVICE, YES),
        (states.CONSENT_PURPOSE_TRANSACTION, YES),
        (states.CONSENT_PURPOSE_SALES, NO),
    ):
        request = consent_pb2.MayContactRequest(customer=ref(box), purpose=purpose)
        assert client.gateway.MayContact(request).answer == answer


def test_a_stop_word_refuses_with_its_touch(client, box, fresh):
    number = phone(fresh("phone"))
    contact = client.gateway.RecordTouch(touch(fresh("r"), number)).contact_id
    client.gateway.RecordConsent(word(contact, GRANTED, number))
    said = touch(
        fresh("r"),
        number,
        kind=interaction_pb2.KIND_MESSAGE,
        direction=interaction_pb2.DIRECTION_INBOUND,
        body=" Stop\n",
    )
    for _ in range(2):
        assert client.gateway.RecordTouch(said).contact_id == contact
    assert may(client, contact, number) == NO
    listed = client.gateway.ListConsents(
        consent_pb2.ListConsentsRequest(customer=ref(contact))
    )
    assert [one.state for one in listed.consents] == [REFUSED, GRANTED]


def test_an_opt_out_on_the_phone_counts_at_once(client, box, fresh):
    client.gateway.RecordConsent(word(box, GRANTED, box))
    client.gateway.RecordTouch(
        touch(
            fresh("r"),
            box,
            kind=interaction_pb2.KIND_CALL,
            direction=interaction_pb2.DIRECTION_OUTBOUND,
            outcome=interaction_pb2.OUTCOME_OPT_OUT_ASKED,
        )
    )
    assert may(client, box, box) == NO
    listed = client.gateway.ListActions(
        action_pb2.ListActionsRequest(customer=ref(box))
    )
    reviews = [
        one for one in listed.actions if one.kind == config_pb2.ACTION_KIND_REVIEW
    ]
    assert len(reviews) == 1 and "no more advertising" in reviews[0].reason.text


def test_a_refusal_by_an_account_is_none_for_the_account(client, fresh):
    account, box = external("five9", fresh("account")), mail(fresh("mail"))
    said = {
        "kind": interaction_pb2.KIND_CALL,
        "direction": interaction_pb2.DIRECTION_INBOUND,
        "outcome": interaction_pb2.OUTCOME_OPT_OUT_ASKED,
    }
    client.gateway.RecordTouch(touch(fresh("r"), account, box))
    client.gateway.RecordConsent(word(box, GRANTED, box))
    assert may(client, box) == YES
    client.gateway.RecordTouch(touch(fresh("r"), account, box, **said))
    assert may(client, box, box) == NO
    other = mail(fresh("mail"))
    alone = external("five9", fresh("account"))
    client.gateway.RecordTouch(touch(fresh("r"), alone, other))
    client.gateway.RecordConsent(word(other, GRANTED, other))
    assert may(client, other) == YES
    client.gateway.RecordTouch(touch(fresh("r"), alone, **said))
    assert may(client, other, other) == NO


def test_a_refusal_by_the_key_of_another_is_for_all_of_the_contact(client, box, fresh):
    contact = client.gateway.RecordTouch(touch(fresh("r"), box)).contact_id
    other = mail(fresh("mail"))
    recorded = client.gateway.RecordTouch(touch(fresh("r"), other))
    for one in (box, other):
        client.gateway.RecordConsent(word(one, GRANTED, one))
    client.gateway.RecordTouch(
        touch_of(
            contact,
            fresh("r"),
            kind=interaction_pb2.KIND_MESSAGE,
            direction=interaction_pb2.DIRECTION_INBOUND,
            body="STOP",
            identity_key=recorded.interaction.identity_key,
        )
    )
    assert may(client, contact) == NO
    assert may(client, other, other) == YES


def test_what_was_never_theirs_takes_its_consent_along(client, box, fresh):
    other = mail(fresh("mail"))
    client.gateway.RecordTouch(touch(fresh("r"), other))
    client.gateway.RecordConsent(word(box, GRANTED, box))
    holder = client.gateway.RecordTouch(touch(fresh("r"), box)).contact_id
    moved = move_of(holder, other, box)
    moved.never_theirs = True
    client.gateway.MoveIdentity(moved)
    assert may(client, other, box) == YES
    assert may(client, holder, box) == NO


def test_who_is_merged_with_one_who_shares_a_phone_may_refuse_it(client, fresh):
    line = phone(fresh("phone"))
    ada, bert, cleo = (
        client.gateway.RecordTouch(touch(fresh("r"), mail(fresh("mail")))).contact_id
        for _ in "abc"
    )
    client.gateway.ShareIdentity(share_of(line, ada, bert))
    client.gateway.RecordConsent(word(line, GRANTED, line))
    assert [may(client, who, line) for who in (ada, bert, line)] == [YES] * 3
    client.gateway.RecordConsent(word(cleo, REFUSED))
    client.gateway.MergeContacts(merge_of(bert, cleo))
    assert [may(client, who, line) for who in (ada, bert, line)] == [NO] * 3
